package dev.sluice.control.http;

import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the contract.
 *
 * @param path below the API's base, with parameters as the router writes them: {@code /services/:service}
 * @param body what the body must be; null when there is none
 * @param need what its caller must be
 * @param readsOnly whether it changes nothing, whatever its method
 */
record ContractOperation(
        String id,
        HttpMethod method,
        String path,
        QueryCheck query,
        @Nullable BodyCheck body,
        Need need,
        boolean readsOnly) {
    /** A merge patch (RFC 7396), in which nothing is required and null takes a field away. */
    boolean isPatch() {
        return method.equals(HttpMethod.PATCH);
    }
}
