package dev.sluice.control.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a session: no script reads it, no other site sends it (RFC 6265bis). Under TLS it is bound to this host
 * by its name's prefix, and never sent in the clear.
 */
public final class SessionCookie {
    private static final String NAME = "sluice_session";

    private SessionCookie() {}

    /** The session's id that a request carries; null for none. */
    public static @Nullable String of(HttpServerRequest request) {
        Cookie cookie = request.getCookie(name(request));
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    /** Value of {@code Set-Cookie} that begins a session. */
    public static String begin(HttpServerRequest request, String id) {
        return name(request) + "=" + id + attributes(request);
    }

    /** Value of {@code Set-Cookie} that ends one. */
    public static String end(HttpServerRequest request) {
        return name(request) + "=" + attributes(request) + "; Max-Age=0";
    }

    private static String name(HttpServerRequest request) {
        return request.isSSL() ? "__Host-" + NAME : NAME;
    }

    private static String attributes(HttpServerRequest request) {
        return "; Path=/; HttpOnly; SameSite=Strict" + (request.isSSL() ? "; Secure" : "");
    }
}
