package dev.sluice.control.http;

import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.RequestFacts;
import dev.sluice.control.failure.ForbiddenException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who calls which operation, kept with the request from its beginning to its row in the audit trail. */
final class RequestCaller {
    private static final String BEGUN = "sluice.operation";
    private static final String CALLER = "sluice.caller";

    private RequestCaller() {}

    private record Begun(ContractOperation operation, RequestAudit audit, CallerLookup callers) {}

    static void begin(RoutingContext web, ContractOperation operation, RequestAudit audit, CallerLookup callers) {
        web.put(BEGUN, new Begun(operation, audit, callers));
    }

    /** To be called when it is known who calls, or that this will not be known. */
    static Caller of(RoutingContext web) {
        Caller known = web.get(CALLER);
        if (known != null) {
            return known;
        }
        ContractOperation operation =
                Objects.requireNonNull(web.<Begun>get(BEGUN), "only operations have callers").operation;
        RequestFacts facts = new RequestFacts(
                operation.id(),
                web.request().method().name(),
                web.request().path(),
                TrustedProxies.client(web),
                RequestId.of(web));
        Caller caller = new Caller(
                Authentication.principal(web), facts, operation.need().role());
        web.put(CALLER, caller);
        return caller;
    }

    /** Who shows the same token or session now; fails with what he would be refused with. */
    static Future<Caller> again(RoutingContext web) {
        Begun begun = Objects.requireNonNull(web.<Begun>get(BEGUN), "only operations have callers");
        return Authentication.find(web, begun.callers).map(found -> {
            if (found == null) {
                throw new ForbiddenException("The token or session is no longer valid.");
            }
            begun.operation.need().check(found.grants());
            return of(web).as(found);
        });
    }

    static void claims(RoutingContext web, String user) {
        Principal claimed = new Principal(Principal.Kind.NOBODY, null, user, null, Grants.NONE, null, null);
        web.put(CALLER, of(web).as(claimed));
    }

    /** Writes down that a write came to nothing; what only reads is not written down. */
    static void refused(RoutingContext web, int status) {
        @Nullable Begun begun = web.get(BEGUN);
        if (begun != null && !begun.operation.readsOnly()) {
            Future<Void> ignored = begun.audit.ended(of(web), status); // it never fails
        }
    }
}
