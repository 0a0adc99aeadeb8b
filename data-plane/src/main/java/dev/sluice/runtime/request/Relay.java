package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.request.Deadlines.Deadline;
import dev.sluice.runtime.request.guard.AnswerEnds;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The relay phase: the upstream's answer goes to the client as it comes, in framing of our own. Where the client is slower
 * than the upstream, the rest is held for it, up to limits and if the route has {@code response_buffering}; so the
 * upstream is done with it sooner. Beyond that, and else, the upstream waits. An answer that breaks off breaks off for
 * the client too.
 */
final class Relay {
    private final Exchange exchange;
    private final Attempt attempt;
    private final HttpClientResponse from;
    private final HttpServerResponse to;
    private final Deadline stall;
    private final Handler<Void> drained = taken -> drained();
    /** Octets of the body, where the upstream said how many and its end comes with the last of them; else negative. */
    private long length = -1;

    private @Nullable Buffer last;
    private @Nullable Backlog backlog;
    private long read;
    private boolean clientBlocks;
    private boolean paused;
    private boolean reading;
    private boolean upstreamEnded;
    private boolean done;

    Relay(Exchange exchange, Attempts.Answered answered) {
        this.exchange = exchange;
        this.attempt = answered.attempt();
        this.from = answered.response();
        this.to = exchange.response();
        this.stall = exchange.loop().deadlines().create(() -> exchange.leave(Failure.CLIENT_GONE));
    }

    void begin() {
        if (exchange.over()) {
            attempt.cancel();
            return;
        }
        attempt.relaying(this::cut, this::endIfWhole);
        exchange.atEnd(this::giveBack);
        try {
            head();
        } catch (IllegalArgumentException e) {
            attempt.fail(Failure.INVALID_RESPONSE); // a header that may not be sent on
            return;
        }
        from.handler(this::chunk);
        from.endHandler(ended -> end());
        from.resume();
        // What was read together with the head goes out together with it; else the head goes out alone.
        exchange.loop().context().runOnContext(now -> flushHead());
    }

    private void head() {
        int status = from.statusCode();
        to.setStatusCode(status);
        String reason = from.statusMessage();
        if (status != 304 && reason != null && !reason.equals(to.getStatusMessage())) {
            to.setStatusMessage(reason);
        }
        ClientHeaders.write(exchange, from, attempt.millis());
        if (bodyless(status)) {
            return;
        }
        String declared = to.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (declared != null) {
            length = from.version() == HttpVersion.HTTP_2 ? -1 : octets(declared);
            return;
        }
        if (exchange.request().version() == HttpVersion.HTTP_1_0) {
            closeDelimited();
        } else {
            to.setChunked(true);
        }
    }

    /** Negative where it is no number, or in doubt. */
    private static long octets(String length) {
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private boolean bodyless(int status) {
        return status == 204
                || status == 304
                || HttpMethod.HEAD.equals(exchange.request().method());
    }

    /** HTTP/1.0 knows no chunks: the end of the connection is the end of the answer. */
    private void closeDelimited() {
        exchange.closeAfter();
        to.headersEndHandler(set -> to.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
    }

    private void chunk(Buffer chunk) {
        if (!done) {
            read += chunk.length();
            take(chunk);
            endIfWhole();
        }
    }

    private void endIfWhole() {
        AnswerEnds.Whole whole = attempt.whole();
        if (whole != null && read == whole.octets()) {
            end();
        }
    }

    private void take(Buffer chunk) {
        attempt.moved();
        Backlog kept = backlog;
        if (kept != null && (clientBlocks || !kept.isEmpty())) {
            kept.add(chunk);
            if (!kept.hasRoom()) {
                pause();
            }
            return;
        }
        if (read == length && last == null) {
            last = chunk; // one write for it and the end
            return;
        }
        to.write(chunk);
        if (to.writeQueueFull()) {
            awaitClient();
            if (!holds()) {
                pause();
            }
        }
    }

    private void awaitClient() {
        clientBlocks = true;
        stall.arm(exchange.loop().longestStallMs());
        to.drainHandler(drained);
    }

    private void drained() {
        if (done || exchange.over()) {
            return;
        }
        stall.disarm();
        clientBlocks = false;
        catchUp();
    }

    /** Whether the route lets an answer be held for a client that is slower than its upstream; it is from now on. */
    private boolean holds() {
        if (backlog == null) {
            Route route = exchange.route();
            if (route == null || !route.responseBuffering() || Grpc.spokenBy(exchange.request())) {
                return false;
            }
            backlog = Backlog.ofAnswer(exchange.loop(), this::roomier);
        }
        return true;
    }

    /** Sends what is held, as long as the client takes it. */
    private void catchUp() {
        Backlog kept = backlog;
        while (kept != null && !kept.isEmpty() && !reading && !clientBlocks && !done) {
            Future<Buffer> next = kept.next();
            if (next.succeeded()) {
                send(next.result());
            } else {
                reading = true;
                next.onSuccess(this::readBack).onFailure(unreadable -> cut(Failure.GATEWAY_ERROR));
                return;
            }
        }
        if (done || reading || clientBlocks) {
            return;
        }
        roomier();
        if (upstreamEnded) {
            finish();
        }
    }

    private void readBack(Buffer piece) {
        reading = false;
        if (!done && !exchange.over()) {
            send(piece);
            catchUp();
        }
    }

    private void send(Buffer piece) {
        to.write(piece);
        if (to.writeQueueFull()) {
            awaitClient();
        }
    }

    private void giveBack() {
        stall.disarm();
        if (backlog != null) {
            backlog.close();
        }
    }

    private void pause() {
        if (!paused && !upstreamEnded) {
            paused = true;
            from.pause();
            attempt.clientBlocks();
        }
    }

    /** The upstream is read on, if there is room for what it sends. */
    private void roomier() {
        boolean room = backlog == null ? !clientBlocks : backlog.hasRoom();
        if (paused && room && !done) {
            paused = false;
            from.resume();
            attempt.clientTakesMore();
        }
    }

    private void flushHead() {
        if (done || exchange.over() || to.headWritten()) {
            return;
        }
        MultiMap headers = to.headers();
        boolean bodyless = bodyless(to.getStatusCode());
        if (exchange.connection().http2()) {
            if (!bodyless) { // else it ends the stream too
                to.writeHead();
            }
        } else if (headers.contains(HttpHeaders.CONTENT_LENGTH) || headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            to.writeHead();
        } else if (!bodyless) {
            to.write(Buffer.buffer());
        }
    }

    private void end() {
        if (done || upstreamEnded) {
            return;
        }
        try {
            // In the framing of HTTP/1 only chunks have room for them.
            if (to.isChunked() || (exchange.connection().http2() && !bodyless(to.getStatusCode()))) {
                trailers();
            }
        } catch (IllegalArgumentException e) {
            to.trailers().clear();
            attempt.fail(Failure.INVALID_RESPONSE); // a trailer that may not be sent on
            return;
        }
        upstreamEnded = true;
        attempt.answerComplete();
        if (backlog == null || backlog.isEmpty()) {
            finish();
        }
    }

    private void finish() {
        done = true;
        stall.disarm();
        exchange.record(to.getStatusCode(), null);
        exchange.endAfter(last == null ? to.end() : to.end(last));
    }

    private void trailers() {
        AnswerEnds.Whole whole = attempt.whole();
        MultiMap all = whole == null ? from.trailers() : whole.trailers();
        if (all == null) {
            return;
        }
        for (Map.Entry<String, String> trailer : all) {
            if (Trailers.mayPass(trailer.getKey())) {
                to.trailers().add(trailer.getKey(), trailer.getValue());
            }
        }
    }

    private void cut(Failure failure) {
        if (done) {
            return;
        }
        done = true;
        stall.disarm();
        if (exchange.over()) {
            return;
        }
        if (to.headWritten()) {
            exchange.record(to.getStatusCode(), failure);
            exchange.leave(failure);
        } else {
            GatewayAnswer.send(exchange, failure);
        }
    }
}
