package dev.sluice.echo;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;

/** Sends every frame back as it came, and reads no faster than the client takes the echo. */
final class WebSocketEcho implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            context.response().putHeader("Upgrade", "websocket");
            EchoRouter.refuse(context, 426, "/ws wants a WebSocket");
            return;
        }
        request.toWebSocket()
                .onSuccess(WebSocketEcho::echo)
                .onFailure(e -> EchoRouter.refuse(context, 400, "not a valid WebSocket handshake"));
    }

    private static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                socket.writeFrame(frame);
                if (socket.writeQueueFull()) {
                    socket.pause();
                }
            }
        });
        socket.drainHandler(drained -> socket.resume());
    }
}
