package dev.sluice.runtime.accesslog;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that ended, as one line of the log tells it.
 *
 * @param beganMillis when its header section was there, since the epoch
 * @param durationMicros from then until its end
 * @param requestId as in {@code X-Request-Id}
 * @param traceId of the trace that it is part of (W3C Trace Context); null for none
 * @param failure name of the failure; null for the upstream's whole answer
 */
public record AccessRecord(
        long beganMillis,
        long durationMicros,
        String requestId,
        @Nullable String traceId,
        Request request,
        int status,
        @Nullable String failure,
        Bytes bytes,
        Route route,
        Upstream upstream) {
    /**
     * As the client sent it, unchecked.
     *
     * @param client IP address of the other side of the connection
     * @param path without the query, which may hold secrets
     * @param tls such as {@code TLSv1.3}; null for plain http
     * @param sni the server name in the TLS handshake
     */
    public record Request(
            String client,
            String method,
            @Nullable String host,
            String path,
            String protocol,
            @Nullable String tls,
            @Nullable String sni) {}

    /** Of the bodies, without framing. */
    public record Bytes(long received, long sent) {}

    /** Null where no route was found. */
    public record Route(@Nullable UUID routeId, @Nullable UUID versionId) {}

    /**
     * @param address host and port of the last attempt; null where there was none
     * @param attempts how many there were
     * @param millis from the beginning of the last attempt to the header section of its answer; -1 without an answer
     */
    public record Upstream(@Nullable String address, int attempts, long millis) {}
}
