package dev.sluice.echo;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Answers with the request itself: {@code method}, {@code uri} as it came, {@code path}, {@code query} and {@code
 * headers} (names in lower case) as lists of values, {@code http_version}, {@code client}, and the body: {@code
 * body_bytes} counts it, {@code body} is its text, {@code body_base64} stands in its place where it is no UTF-8.
 */
final class RequestEcho implements Handler<RoutingContext> {
    private static final int MOST_BODY_BYTES = 10 * 1024 * 1024;

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= MOST_BODY_BYTES) {
                body.appendBuffer(chunk);
            } else if (!context.response().ended()) {
                context.response().putHeader("Connection", "close");
                EchoRouter.refuse(context, 413, "/request takes a body of at most " + MOST_BODY_BYTES + " bytes");
            }
        });
        request.endHandler(ended -> EchoRouter.answer(context, 200, describe(request, context.queryParams(), body)));
    }

    private static JsonObject describe(HttpServerRequest request, MultiMap query, Buffer body) {
        JsonObject json = new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("path", request.path())
                .put("query", lists(query))
                .put("http_version", request.version().alpnName())
                .put("client", request.remoteAddress().toString())
                .put("headers", lists(request.headers()))
                .put("body_bytes", body.length());
        try {
            json.put(
                    "body",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body.getBytes()))
                            .toString());
        } catch (CharacterCodingException e) {
            json.put("body_base64", Base64.getEncoder().encodeToString(body.getBytes()));
        }
        return json;
    }

    private static JsonObject lists(MultiMap values) {
        JsonObject json = new JsonObject();
        values.forEach(entry -> {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            if (!json.containsKey(name)) {
                json.put(name, new JsonArray());
            }
            json.getJsonArray(name).add(entry.getValue());
        });
        return json;
    }
}
