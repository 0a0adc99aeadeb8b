package dev.sluice.control.http;

import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Principal.OpenSession;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Lets through who shows a valid bearer token (RFC 6750) or the cookie of a session, and notes who it is. Browsers send
 * the cookie by themselves, so a write with it also has to carry what only this site's pages know.
 */
final class Authentication implements Handler<RoutingContext> {
    private static final String KEY = "sluice.principal";

    private final CallerLookup callers;

    Authentication(CallerLookup callers) {
        this.callers = callers;
    }

    @Override
    public void handle(RoutingContext web) {
        String token = bearer(web.request().getHeader("Authorization"));
        if (token == null && session(web) == null) {
            web.fail(refused("Bearer", "Send the header 'Authorization: Bearer <token>', or log in at /v1/session."));
            return;
        }
        web.request().pause(); // the body waits until somebody is there to read it
        find(web, callers)
                .onComplete(
                        principal -> {
                            web.request().resume();
                            if (principal != null) {
                                web.put(KEY, principal);
                                enter(web, principal);
                            } else if (token != null) {
                                web.fail(refused("Bearer error=\"invalid_token\"", "This token is not valid."));
                            } else {
                                web.fail(refused("Bearer", "The session has ended; log in again."));
                            }
                        },
                        failure -> {
                            web.request().resume();
                            web.fail(failure);
                        });
    }

    /** Who shows the request's token or session; null for nobody. */
    static Future<@Nullable Principal> find(RoutingContext web, CallerLookup callers) {
        String token = bearer(web.request().getHeader("Authorization"));
        if (token != null) {
            return callers.ofToken(token);
        }
        String session = session(web);
        return session == null ? Future.succeededFuture() : callers.ofSession(session);
    }

    /** The session's id, unless another kind of authentication is tried. */
    private static @Nullable String session(RoutingContext web) {
        return web.request().getHeader("Authorization") == null ? SessionCookie.of(web) : null;
    }

    /** Who calls; {@link Principal#NOBODY} where that is not known. */
    static Principal principal(RoutingContext web) {
        Principal known = web.get(KEY);
        return known == null ? Principal.NOBODY : known;
    }

    private static void enter(RoutingContext web, Principal principal) {
        OpenSession session = principal.session();
        HttpMethod method = web.request().method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (session == null || reads) {
            web.next();
        } else if (!SameSite.isOwn(web.request())) {
            web.fail(
                    new RefusedRequestException(403, "Writes with a session's cookie are taken from this site alone."));
        } else if (!matches(session.csrfToken(), web.request().getHeader("X-CSRF-Token"))) {
            web.fail(new RefusedRequestException(
                    403, "Send the session's csrf_token, which GET /v1/session tells, in the header X-CSRF-Token."));
        } else {
            web.next();
        }
    }

    private static boolean matches(String wanted, @Nullable String sent) {
        return sent != null
                && MessageDigest.isEqual(
                        wanted.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }

    private static RefusedRequestException refused(String challenge, String detail) {
        return new RefusedRequestException(401, detail).with("WWW-Authenticate", challenge);
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        String token = header.substring(7).strip();
        return token.isEmpty() ? null : token;
    }
}
