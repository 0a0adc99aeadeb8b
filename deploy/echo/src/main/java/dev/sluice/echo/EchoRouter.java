package dev.sluice.echo;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;

/** Which path gives which answer. */
final class EchoRouter {
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_LINES = 1_000_000;
    private static final long LONGEST_DELAY = 60_000;

    private final Vertx vertx;

    private EchoRouter(Vertx vertx) {
        this.vertx = vertx;
    }

    static Router of(Vertx vertx) {
        EchoRouter echo = new EchoRouter(vertx);
        RequestEcho requestEcho = new RequestEcho();
        Router router = Router.router(vertx);
        router.route("/").handler(new HomePage());
        router.route("/request").handler(requestEcho);
        router.route("/request/*").handler(requestEcho);
        router.route("/status/:code").handler(echo::status);
        router.route("/delay/:ms").handler(echo::delay);
        router.route("/stream/:n").handler(echo::stream);
        router.route("/bytes/:n").handler(echo::bytes);
        router.route("/ws").handler(new WebSocketEcho());
        router.errorHandler(
                404,
                context -> answer(
                        context,
                        404,
                        new JsonObject()
                                .put("error", "nothing here")
                                .put("path", context.request().path())));
        router.errorHandler(400, context -> refuse(context, 400, "not a valid request"));
        return router;
    }

    private void status(RoutingContext context) {
        OptionalLong code = Numbers.within(context.pathParam("code"), 200, 599);
        if (code.isEmpty()) {
            refuse(context, 400, "/status/{code} wants a number from 200 to 599");
            return;
        }
        int status = (int) code.getAsLong();
        if (status == 204 || status == 205 || status == 304) {
            context.response().setStatusCode(status).end();
        } else {
            answer(context, status, new JsonObject().put("status", status));
        }
    }

    private void delay(RoutingContext context) {
        OptionalLong delay = Numbers.within(context.pathParam("ms"), 0, LONGEST_DELAY);
        if (delay.isEmpty()) {
            refuse(context, 400, "/delay/{ms} wants a number from 0 to " + LONGEST_DELAY);
            return;
        }
        long milliseconds = delay.getAsLong();
        JsonObject body = new JsonObject().put("delay_ms", milliseconds);
        if (milliseconds == 0) {
            answer(context, 200, body);
            return;
        }
        long timer = vertx.setTimer(milliseconds, fired -> answer(context, 200, body));
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    private void stream(RoutingContext context) {
        OptionalLong lines = Numbers.within(context.pathParam("n"), 0, MOST_LINES);
        if (lines.isEmpty()) {
            refuse(context, 400, "/stream/{n} wants a number from 0 to " + MOST_LINES);
            return;
        }
        HttpServerResponse response =
                context.response().setChunked(true).putHeader("Content-Type", "application/x-ndjson");
        send(context, response, new JsonLines(lines.getAsLong()));
    }

    private void bytes(RoutingContext context) {
        OptionalLong count = Numbers.within(context.pathParam("n"), 0, MOST_BYTES);
        if (count.isEmpty()) {
            refuse(context, 400, "/bytes/{n} wants a number from 0 to " + MOST_BYTES);
            return;
        }
        HttpServerResponse response = context.response()
                .putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Long.toString(count.getAsLong()));
        send(context, response, new PatternBytes(count.getAsLong()));
    }

    private static void send(RoutingContext context, HttpServerResponse response, ChunkSource source) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            new ChunkWriter(response, source).start();
        }
    }

    static void refuse(RoutingContext context, int status, String message) {
        answer(context, status, new JsonObject().put("error", message));
    }

    static void answer(RoutingContext context, int status, JsonObject body) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        Buffer bytes = body.toBuffer().appendString("\n");
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", Integer.toString(bytes.length()));
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(bytes);
        }
    }
}
