package dev.sluice.control.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lets through who shows a valid bearer token (RFC 6750), and notes who it is. */
final class Authentication implements Handler<RoutingContext> {
    private static final String KEY = "sluice.author";

    private final TokenCheck tokens;

    Authentication(TokenCheck tokens) {
        this.tokens = tokens;
    }

    @Override
    public void handle(RoutingContext web) {
        String token = bearer(web.request().getHeader("Authorization"));
        if (token == null) {
            refuse(web, "Bearer", "Send the header 'Authorization: Bearer <token>'.");
            return;
        }
        web.request().pause(); // the body waits until somebody is there to read it
        tokens.author(token)
                .onComplete(
                        author -> {
                            web.request().resume();
                            if (author == null) {
                                refuse(web, "Bearer error=\"invalid_token\"", "This token is not valid.");
                            } else {
                                web.put(KEY, author);
                                web.next();
                            }
                        },
                        failure -> {
                            web.request().resume();
                            web.fail(failure);
                        });
    }

    static String author(RoutingContext web) {
        return Objects.requireNonNull(web.<String>get(KEY), "only authenticated requests get here");
    }

    private static void refuse(RoutingContext web, String challenge, String detail) {
        Problem.of(401, "Unauthorized", detail)
                .with("WWW-Authenticate", challenge)
                .send(web);
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        String token = header.substring(7).strip();
        return token.isEmpty() ? null : token;
    }
}
