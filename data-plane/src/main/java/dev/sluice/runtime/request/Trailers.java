package dev.sluice.runtime.request;

import dev.sluice.runtime.ClientLimits;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fields that come behind a body, of requests and of answers (RFC 9110 6.5). */
final class Trailers {
    /** What means something only before the body (RFC 9110 6.5.1): framing, routing, control, credentials, content. */
    private static final Set<String> NEVER = Set.of(
            "transfer-encoding",
            "content-length",
            "host",
            "trailer",
            "content-encoding",
            "content-type",
            "content-range",
            "set-cookie",
            "cookie",
            "authorization",
            "proxy-authorization",
            "proxy-authenticate",
            "www-authenticate",
            "cache-control",
            "expect",
            "max-forwards",
            "pragma",
            "range",
            "forwarded",
            "via",
            "x-real-ip",
            "x-request-id",
            "traceparent",
            "tracestate");

    private Trailers() {}

    /** Whether a field may go on in a trailer section. */
    static boolean mayPass(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !NEVER.contains(lower)
                && !HopByHop.is(name)
                && !lower.startsWith("if-")
                && !lower.startsWith("x-forwarded-");
    }

    /**
     * What goes on of a request's, once its body has ended.
     *
     * @return null for nothing
     * @throws dev.sluice.runtime.failure.RequestFailed when they are no trailers
     */
    static @Nullable MultiMap of(HttpServerRequest request, ClientConnection connection, ClientLimits limits) {
        MultiMap all = connection.trailers(request);
        if (all == null) {
            return null;
        }
        if (connection.http2()) {
            Http2Guard.checkTrailers(all, limits); // over HTTP/1 the guard on the wire has done so
        }
        List<String> named = HopByHop.named(request.headers());
        MultiMap kept = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> trailer : all) {
            String name = trailer.getKey();
            if (mayPass(name) && !named.contains(name.toLowerCase(Locale.ROOT))) {
                kept.add(name, trailer.getValue());
            }
        }
        return kept.isEmpty() ? null : kept;
    }
}
