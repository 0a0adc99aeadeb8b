package dev.sluice.control.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.StaleEntityException;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request, after the frame has authenticated it and checked it against the contract. */
public final class Call {
    private final RoutingContext web;
    private final Map<String, String> query;
    private final @Nullable BodyCheck check;
    private final @Nullable ObjectNode body;

    private Call(RoutingContext web, Map<String, String> query, @Nullable BodyCheck check, @Nullable ObjectNode body) {
        this.web = web;
        this.query = query;
        this.check = check;
        this.body = body;
    }

    /**
     * Checks a request against an operation of the contract.
     *
     * @throws InvalidConfigurationException with all that is wrong with the path, else the query, else the body
     */
    static Call of(RoutingContext web, ContractOperation operation) {
        checkPath(web.pathParams());
        Map<String, String> query = operation.query().check(web.queryParams());
        BodyCheck check = operation.body();
        ObjectNode body = check == null ? null : check.read(web.body().buffer(), operation.isPatch());
        return new Call(web, query, check, body);
    }

    private static void checkPath(Map<String, String> parameters) {
        List<Violation> violations = new ArrayList<>();
        parameters.forEach((name, value) -> Nul.check(value, name, violations));
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
    }

    /** A path parameter, decoded. */
    public String path(String name) {
        String value = web.pathParam(name);
        if (value == null) {
            throw new IllegalArgumentException("The contract's path has no {" + name + "}");
        }
        return value;
    }

    /** A query parameter, valid by the contract; null where it is absent and has no default. */
    public @Nullable String query(String name) {
        return query.get(name);
    }

    /** The JSON body, valid by the contract. For PATCH: the merge patch itself (RFC 7396), nulls included. */
    public ObjectNode body() {
        if (body == null) {
            throw new IllegalStateException("The contract gives this operation no body");
        }
        return body;
    }

    /**
     * What the body, a merge patch (RFC 7396), makes of an entity. Fields that it takes away are absent.
     *
     * @param present the entity's fields, as they may be written
     * @throws InvalidConfigurationException when the result is not what the contract allows
     */
    public ObjectNode patched(ObjectNode present) {
        ObjectNode merged = MergePatch.apply(present, body());
        List<Violation> violations = Objects.requireNonNull(check).check(merged);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return merged;
    }

    /** Who calls, and may he. */
    public Caller caller() {
        return RequestCaller.of(web);
    }

    /** Who calls, as of now, for what goes on after the answer began; fails where he would not be let in any more. */
    public Future<Caller> callerAgain() {
        return RequestCaller.again(web);
    }

    /** Notes whom a caller that is not known claims to be, for the audit trail. */
    public void claims(String user) {
        RequestCaller.claims(web, user);
    }

    /** Whether the request comes from a page of this site, or from a program; false: from another site's page. */
    public boolean isOfThisSite() {
        return SameSite.isOwn(web.request());
    }

    /**
     * Checks {@code If-Match} (RFC 9110 13.1.1), and {@code If-None-Match: *} (13.1.2), where they were sent; to be
     * called within the transaction.
     *
     * @param etag of the entity as it is now, quoted; null when it does not exist
     * @throws StaleEntityException (412) when the caller has seen another state
     */
    public void requireMatch(@Nullable String etag) {
        String wanted = web.request().getHeader("If-Match");
        if (wanted != null && (etag == null || !Etag.isAmong(wanted, etag, false))) {
            throw new StaleEntityException(
                    etag == null
                            ? "It does not exist, so it is not in the state that If-Match names."
                            : "It has changed since " + wanted + " was read; now it is " + etag
                                    + ". Read it again and decide anew.");
        }
        String unwanted = web.request().getHeader("If-None-Match");
        if (etag != null && unwanted != null && Etag.isAmong(unwanted, etag, true)) {
            throw new StaleEntityException("It exists already, and If-None-Match forbids to change it then.");
        }
    }

    /** Which page of a list is asked for: {@code size} and {@code after}. */
    public Page page() {
        String size = query("size");
        String after = query("after");
        try {
            return new Page(
                    size == null ? Page.DEFAULT_SIZE : Integer.parseInt(size),
                    after == null ? null : Page.decode(after));
        } catch (IllegalArgumentException e) {
            throw Position.notACursor();
        }
    }

    /** The underlying request and response, for streams. */
    public RoutingContext web() {
        return web;
    }
}
