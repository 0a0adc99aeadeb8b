package dev.sluice.control.http;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a session: no script reads it, no other site sends it (RFC 6265bis). Under TLS it is bound to this host
 * by its name's prefix, and never sent in the clear.
 */
public final class SessionCookie {
    private static final String NAME = "sluice_session";

    private SessionCookie() {}

    /** The session's id that a request carries; null for none. */
    public static @Nullable String of(RoutingContext web) {
        Cookie cookie = web.request().getCookie(name(web));
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    /** Value of {@code Set-Cookie} that begins a session. */
    public static String begin(RoutingContext web, String id) {
        return name(web) + "=" + id + attributes(web);
    }

    /** Value of {@code Set-Cookie} that ends one. */
    public static String end(RoutingContext web) {
        return name(web) + "=" + attributes(web) + "; Max-Age=0";
    }

    private static String name(RoutingContext web) {
        return TrustedProxies.isSecure(web) ? "__Host-" + NAME : NAME;
    }

    private static String attributes(RoutingContext web) {
        return "; Path=/; HttpOnly; SameSite=Strict" + (TrustedProxies.isSecure(web) ? "; Secure" : "");
    }
}
