package dev.sluice.control.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a request comes from this site's own pages, as far as the browser tells; programs tell nothing. */
final class SameSite {
    private SameSite() {}

    /** False when {@code Sec-Fetch-Site} or {@code Origin} (RFC 6454) names another site. */
    static boolean isOwn(HttpServerRequest request) {
        String fetch = request.getHeader("Sec-Fetch-Site");
        if (fetch != null && !fetch.equals("same-origin") && !fetch.equals("none")) {
            return false;
        }
        String origin = request.getHeader("Origin");
        return origin == null || isOwn(origin, request.authority(), request.isSSL());
    }

    /**
     * Compares an origin with the Host that was called. TLS may end in front of this process, so https is this site's
     * scheme also where plain http arrives here.
     */
    static boolean isOwn(String origin, @Nullable HostAndPort called, boolean tls) {
        if (called == null) {
            return false;
        }
        try {
            URI from = new URI(origin);
            String scheme = from.getScheme();
            String host = from.getHost();
            if (host == null || !("https".equals(scheme) || ("http".equals(scheme) && !tls))) {
                return false;
            }
            int standard = scheme.equals("https") ? 443 : 80;
            return host.toLowerCase(Locale.ROOT).equals(called.host().toLowerCase(Locale.ROOT))
                    && port(from.getPort(), standard) == port(called.port(), standard);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(int port, int standard) {
        return port <= 0 ? standard : port;
    }
}
