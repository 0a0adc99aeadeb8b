package dev.sluice.echo;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page for people. Behind a gateway its links keep the prefix that {@code X-Forwarded-Prefix} tells. */
final class HomePage implements Handler<RoutingContext> {
    private static final Pattern SAFE_PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    private final String page = read();

    @Override
    public void handle(RoutingContext context) {
        Buffer body = Buffer.buffer(
                page.replace("{{prefix}}", prefix(context.request().getHeader("X-Forwarded-Prefix"))));
        HttpServerResponse response = context.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Length", Integer.toString(body.length()));
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }

    private static String prefix(@Nullable String forwarded) {
        return forwarded != null && SAFE_PREFIX.matcher(forwarded).matches() ? forwarded : "";
    }

    private static String read() {
        try (InputStream in = HomePage.class.getResourceAsStream("home.html")) {
            if (in == null) {
                throw new IllegalStateException("Missing resource home.html");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
