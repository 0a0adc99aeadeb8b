package dev.sluice.runtime.request;

import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.request.Deadlines.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request that the upstream answers with 101: the two connections are joined byte for byte, with
 * back-pressure both ways, and nothing of what goes over them is understood. So whatever the two ends agreed on passes
 * untouched.
 *
 * <p>The end of one side is the end of both, once the other has been sent what came before. Where nothing comes from
 * either side for {@code read_timeout}, or the upstream takes nothing for {@code write_timeout}, both are closed.
 */
final class Tunnel {
    private final Exchange exchange;
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final Deadline idle;
    private final Deadline clientStall;
    private final Deadline upstreamStall;
    private @Nullable NetSocket client;
    private @Nullable NetSocket upstream;
    private boolean ending;

    Tunnel(Exchange exchange, Attempts.Answered answered) {
        this.exchange = exchange;
        this.attempt = answered.attempt();
        this.answer = answered.response();
        Deadlines deadlines = exchange.loop().deadlines();
        this.idle = deadlines.create(this::end);
        this.clientStall = deadlines.create(this::cut);
        this.upstreamStall = deadlines.create(this::cut);
    }

    void begin() {
        if (exchange.over()) {
            attempt.cancel();
            return;
        }
        try {
            ClientHeaders.write(exchange, answer, attempt.millis());
        } catch (IllegalArgumentException e) {
            attempt.fail(Failure.INVALID_RESPONSE); // a header that may not be sent on
            GatewayAnswer.send(exchange, Failure.INVALID_RESPONSE);
            return;
        }
        attempt.switched();
        WebSocketUpgrade.write(exchange.response().headers());
        exchange.record(101, null);
        exchange.request()
                .toNetSocket()
                .onSuccess(socket -> join(socket, answer.netSocket()))
                .onFailure(gone -> exchange.leave(Failure.CLIENT_GONE));
    }

    private void join(NetSocket fromClient, NetSocket fromUpstream) {
        client = fromClient;
        upstream = fromUpstream;
        fromClient.exceptionHandler(broken -> {}); // its end is told too
        fromClient.endHandler(ended -> end());
        fromUpstream.exceptionHandler(broken -> end()); // however it ends
        fromClient.handler(bytes -> toUpstream(fromClient, fromUpstream, bytes));
        fromUpstream.handler(bytes -> toClient(fromUpstream, fromClient, bytes));
        idle.arm(attempt.readTimeout());
        fromUpstream.resume();
    }

    private void toUpstream(NetSocket from, NetSocket to, Buffer bytes) {
        if (ending) {
            return;
        }
        idle.touch();
        to.write(bytes);
        if (to.writeQueueFull()) {
            from.pause();
            upstreamStall.arm(attempt.writeTimeout());
            to.drainHandler(taken -> {
                upstreamStall.disarm();
                idle.touch();
                from.resume();
            });
        }
    }

    private void toClient(NetSocket from, NetSocket to, Buffer bytes) {
        if (ending) {
            return;
        }
        idle.touch();
        to.write(bytes);
        if (to.writeQueueFull()) {
            from.pause();
            attempt.hold();
            clientStall.arm(exchange.loop().longestStallMs());
            to.drainHandler(taken -> {
                clientStall.disarm();
                idle.touch();
                from.resume();
                attempt.release();
            });
        }
    }

    /** Closes both sides once what was written to them is taken; what is not taken in time is cut. */
    private void end() {
        if (ending) {
            return;
        }
        ending = true;
        idle.disarm();
        NetSocket toClient = client;
        NetSocket toUpstream = upstream;
        if (toClient == null || toUpstream == null) {
            cut();
            return;
        }
        toClient.resume();
        toUpstream.resume();
        attempt.release();
        clientStall.arm(exchange.loop().longestStallMs());
        upstreamStall.arm(attempt.writeTimeout());
        Future<Void> upstreamClosed = toUpstream.end().onComplete(closed -> {
            upstreamStall.disarm();
            attempt.tunnelEnded();
        });
        Future.join(toClient.end(), upstreamClosed).onComplete(closed -> ended());
    }

    /** Resets both sides. */
    private void cut() {
        ending = true;
        attempt.cancel();
        exchange.connection().cut(exchange.request(), exchange.loop().sockets());
        ended();
    }

    private void ended() {
        idle.disarm();
        clientStall.disarm();
        upstreamStall.disarm();
        attempt.tunnelEnded();
        exchange.tunnelEnded();
    }
}
