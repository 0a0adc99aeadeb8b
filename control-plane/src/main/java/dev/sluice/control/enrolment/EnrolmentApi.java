package dev.sluice.control.enrolment;

import dev.sluice.control.db.Database;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.wire.EnrolmentRequest;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Joining, renewing and the trust document over the runtime API. */
public final class EnrolmentApi {
    /** Largest accepted request in bytes. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private final Enrolments enrolments;
    private final PlaneTrust trust;
    private final BadTokens badTokens = new BadTokens(System::nanoTime);

    public EnrolmentApi(Vertx vertx, Database database, PlaneTrust trust) {
        this.enrolments = new Enrolments(vertx, database, trust);
        this.trust = trust;
    }

    /** {@code POST enrolment}: the one call for which no certificate is needed. */
    public Future<Void> join(RoutingContext web) {
        String address = web.request().remoteAddress().hostAddress();
        badTokens.check(address);
        return Future.succeededFuture(web)
                .map(request -> read(EnrolmentRequest.class, request))
                .compose(request -> enrolments.join(request, address))
                .onSuccess(joined -> badTokens.forget(address))
                .onFailure(failure -> {
                    if (failure instanceof RefusedRuntimeException refused && refused.status() == 401) {
                        badTokens.shown(address);
                    }
                })
                .compose(joined -> answer(web, joined));
    }

    /** {@code POST renewal}. */
    public Future<Void> renew(RoutingContext web, RuntimeCaller caller) {
        return enrolments.renew(caller, read(RenewalRequest.class, web)).compose(renewed -> answer(web, renewed));
    }

    /** {@code GET trust}. */
    public Future<Void> trust(RoutingContext web, RuntimeCaller caller) {
        return trust.documents().of(caller.groupId()).compose(document -> answer(web, document));
    }

    private static <T extends Record> T read(Class<T> type, RoutingContext web) {
        Buffer body = web.body().buffer();
        try {
            return WireJson.read(type, body == null ? new byte[0] : body.getBytes());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(List.of(new Violation(
                    "", "invalid", "The body cannot be read: " + line(String.valueOf(e.getMessage())) + ".")));
        }
    }

    /** What the reader says may quote the body. */
    private static String line(String message) {
        return message.substring(0, Math.min(200, message.length())).replaceAll("\\p{C}", " ");
    }

    private static Future<Void> answer(RoutingContext web, Record answer) {
        return web.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(WireJson.bytes(answer)));
    }
}
