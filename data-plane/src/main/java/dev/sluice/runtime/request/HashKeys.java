package dev.sluice.runtime.request;

import dev.sluice.model.config.HashOn;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.routing.RouteMatch;
import io.vertx.core.http.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What of a request is hashed, for consistent hashing. */
final class HashKeys {
    private HashKeys() {}

    /** By {@code hash_on}, or else by its fallback; null where the request has neither. A cookie that is absent is made. */
    static @Nullable String of(Exchange exchange, Upstream upstream) {
        String key = find(
                exchange,
                upstream,
                upstream.hashOn(),
                upstream.hashOnHeader(),
                upstream.hashOnQueryArg(),
                upstream.hashOnUriCapture());
        return key != null
                ? key
                : find(
                        exchange,
                        upstream,
                        upstream.hashFallback(),
                        upstream.hashFallbackHeader(),
                        upstream.hashFallbackQueryArg(),
                        upstream.hashFallbackUriCapture());
    }

    private static @Nullable String find(
            Exchange exchange,
            Upstream upstream,
            HashOn source,
            @Nullable String header,
            @Nullable String queryArg,
            @Nullable String capture) {
        RouteMatch match = exchange.match();
        return switch (source) {
            case NONE -> null;
            case IP -> exchange.connection().address();
            case HEADER -> header == null ? null : exchange.request().getHeader(header);
            case COOKIE -> cookie(exchange, upstream);
            case PATH -> match == null ? exchange.target().path() : match.path();
            case QUERY_ARG ->
                queryArg == null ? null : argument(exchange.target().query(), queryArg);
            case URI_CAPTURE -> match == null || capture == null ? null : match.captured(capture);
        };
    }

    private static @Nullable String cookie(Exchange exchange, Upstream upstream) {
        String name = upstream.hashOnCookie();
        if (name == null) {
            return null;
        }
        for (String header : exchange.request().headers().getAll(HttpHeaders.COOKIE)) {
            for (String pair : header.split(";", -1)) {
                String text = pair.strip();
                if (text.startsWith(name + "=") && text.length() > name.length() + 1) {
                    return text.substring(name.length() + 1);
                }
            }
        }
        String made = UUID.randomUUID().toString();
        String secure = exchange.clientSpeaksTls() ? "; Secure" : "";
        exchange.setCookie(name + "=" + made + "; Path=" + upstream.hashOnCookiePath() + "; HttpOnly" + secure);
        return made;
    }

    /** @param query with its question mark, or empty */
    static @Nullable String argument(String query, String name) {
        if (query.isEmpty()) {
            return null;
        }
        for (String pair : query.substring(1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && decoded(pair.substring(0, equals)).equals(name)) {
                return decoded(pair.substring(equals + 1));
            }
        }
        return null;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // not percent-encoded as it should be; equal texts are equal still
        }
    }
}
