package dev.sluice.runtime.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/** The handshake that makes WebSocket of an HTTP/1.1 connection (RFC 6455 section 4, RFC 9110 7.8). */
final class WebSocketUpgrade {
    private static final CharSequence WEBSOCKET = HttpHeaders.createOptimized("websocket");
    private static final CharSequence UPGRADE = HttpHeaders.createOptimized("Upgrade");

    private WebSocketUpgrade() {}

    /** Whether a client asks for it, and for nothing else: any other upgrade is not passed on. */
    static boolean wanted(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.headers().contains(HttpHeaders.UPGRADE)
                && HttpMethod.GET.equals(request.method())
                && offered(request.headers());
    }

    /** Whether an answer with status 101 says that it is what was asked for. */
    static boolean accepted(HttpClientResponse response) {
        return offered(response.headers());
    }

    private static boolean offered(MultiMap headers) {
        List<String> protocols = headers.getAll(HttpHeaders.UPGRADE);
        return protocols.size() == 1
                && protocols.get(0).strip().equalsIgnoreCase("websocket")
                && HopByHop.named(headers).contains("upgrade");
    }

    /** Asks for it, or grants it. */
    static void write(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, UPGRADE);
        headers.set(HttpHeaders.UPGRADE, WEBSOCKET);
    }
}
