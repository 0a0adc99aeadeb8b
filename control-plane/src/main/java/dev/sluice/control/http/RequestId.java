package dev.sluice.control.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.UUID;

/**
 * Gives each request an id, which problems, logs and the answer's {@code X-Request-Id} name, and each answer the headers
 * that all of them have.
 */
final class RequestId implements Handler<RoutingContext> {
    private static final String KEY = "sluice.request-id";

    @Override
    public void handle(RoutingContext web) {
        String id = UUID.randomUUID().toString();
        web.put(KEY, id);
        web.response()
                .putHeader("X-Request-Id", id)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-cache");
        if (web.request().isSSL()) {
            web.response().putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        web.next();
    }

    static String of(RoutingContext web) {
        return Objects.requireNonNull(web.<String>get(KEY), "every request has an id");
    }
}
