package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.model.routing.RouteMatch;
import dev.sluice.runtime.accesslog.AccessLog;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.request.Deadlines.Deadline;
import dev.sluice.runtime.request.guard.InterimAnswers;
import dev.sluice.runtime.upstream.Destination;
import dev.sluice.runtime.upstream.UpstreamTls;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through the phases. Owned by the event loop of its connection. It is recorded once and ends
 * once, whatever happens in whatever order.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Loop loop;
    private final ClientConnection connection;
    private final HttpServerRequest request;
    private final long beganNanos = System.nanoTime();
    private final String id;
    private final RequestBody body;
    private final boolean upgrade;
    private final Deadline lastWriteStall;
    private final @Nullable Trace trace;
    private final @Nullable AccessNote note;

    private @Nullable RequestTarget target;
    private @Nullable RouteMatch match;
    private @Nullable UpstreamTls upstreamTls;
    private @Nullable CompiledUpstream upstream;
    private @Nullable String cookie;
    private @Nullable Attempt attempt;
    private @Nullable Deadline total;
    private Runnable atEnd = () -> {};
    private boolean closeAfter;
    private boolean recorded;
    private boolean ended;

    Exchange(Loop loop, ClientConnection connection, HttpServerRequest request) {
        this.loop = loop;
        this.connection = connection;
        this.request = request;
        this.id = loop.ids().of(request.getHeader("x-request-id"));
        this.trace = Trace.of(request.headers(), loop.observed().tracing());
        AccessLog log = loop.observed().log();
        this.note = log == null ? null : new AccessNote(log);
        this.body = RequestBody.of(this);
        this.upgrade = !body.present() && WebSocketUpgrade.wanted(request);
        this.closeAfter =
                !connection.http2() && HopByHop.named(request.headers()).contains("close");
        this.lastWriteStall = loop.deadlines().create(() -> leave(Failure.CLIENT_GONE));
        loop.inFlight().incrementAndGet();
        connection.requestBegan(this);
        // Attached before anything asynchronous happens: nobody's departure goes unnoticed.
        request.response().closeHandler(closed -> giveUp(Failure.CLIENT_GONE));
        ignoreBrokenWrites();
    }

    /** What breaks while it is written ends in the close handler too. To be said again after each attempt's sending. */
    void ignoreBrokenWrites() {
        request.response().exceptionHandler(broken -> {});
    }

    Loop loop() {
        return loop;
    }

    ClientConnection connection() {
        return connection;
    }

    HttpServerRequest request() {
        return request;
    }

    /** To this process, or to a trusted proxy that says so. */
    boolean clientSpeaksTls() {
        return request.isSSL()
                || (connection.trusted() && "https".equalsIgnoreCase(request.getHeader("x-forwarded-proto")));
    }

    HttpServerResponse response() {
        return request.response();
    }

    String id() {
        return id;
    }

    /** Null where there is none. */
    @Nullable
    Trace trace() {
        return trace;
    }

    /** An attempt begins. */
    void attempted(Destination destination) {
        if (note != null) {
            note.attempted(destination);
        }
    }

    /** The header section of the attempt's answer is there. */
    void answeredWithin(long millis) {
        if (note != null) {
            note.answered(millis);
        }
    }

    RequestBody body() {
        return body;
    }

    /**
     * Passes on what comes before an answer, to clients that know of such and take what they are sent (RFC 9110 15.2).
     *
     * @param fields with {@link InterimAnswers#STATUS}
     */
    void interim(MultiMap fields) {
        String status = fields.get(InterimAnswers.STATUS);
        if (status == null
                || recorded
                || request.version() == HttpVersion.HTTP_1_0
                || response().headWritten()
                || response().writeQueueFull()) {
            return;
        }
        int stream = connection.http2() ? request.streamId() : 0;
        try {
            loop.sockets()
                    .sendInterim(request.connection(), stream, Integer.parseInt(status), ClientHeaders.interim(fields));
        } catch (IllegalArgumentException e) {
            LOG.debug("Request {}: what came before its answer may not be sent on", id, e);
        }
    }

    /** What is to be given back when the exchange is over, however it ends. */
    void atEnd(Runnable giveBack) {
        atEnd = giveBack;
    }

    /** Whether the client wants to speak WebSocket from here on. */
    boolean upgrade() {
        return upgrade;
    }

    long beganNanos() {
        return beganNanos;
    }

    long millisSoFar() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    /** Present from the guard on. */
    RequestTarget target() {
        if (target == null) {
            throw new IllegalStateException("Not guarded yet");
        }
        return target;
    }

    void target(RequestTarget found) {
        target = found;
    }

    /** Null before the match phase, and when no route matched. */
    @Nullable
    RouteMatch match() {
        return match;
    }

    void match(@Nullable RouteMatch found) {
        match = found;
    }

    /** Whose targets the request goes to; null where the implementation's host is no upstream. */
    @Nullable
    CompiledUpstream upstream() {
        return upstream;
    }

    void upstream(@Nullable CompiledUpstream found) {
        upstream = found;
    }

    /** What the client is told to keep, as in {@code Set-Cookie}; null for nothing. */
    @Nullable
    String cookie() {
        return cookie;
    }

    void setCookie(String made) {
        cookie = made;
    }

    /** How TLS is spoken to the upstream; null for the platform's way. */
    @Nullable
    UpstreamTls upstreamTls() {
        return upstreamTls;
    }

    void upstreamTls(@Nullable UpstreamTls found) {
        upstreamTls = found;
    }

    @Nullable
    Route route() {
        return match == null ? null : match.target().route();
    }

    /** From the request's header section to the end of its answer; a second call takes the place of the first. */
    void limit(long millis) {
        unlimited();
        Deadline limited = loop.deadlines().create(this::late);
        limited.arm(Math.max(1, millis - millisSoFar()));
        total = limited;
    }

    /** For what goes on for as long as both sides like. */
    void unlimited() {
        Deadline limited = total;
        if (limited != null) {
            limited.disarm();
        }
    }

    private void late() {
        Attempt current = attempt;
        if (current != null) {
            current.fail(Failure.REQUEST_DEADLINE);
        } else if (!recorded) {
            abort(Failure.REQUEST_DEADLINE);
        }
    }

    /** The attempt that a client's departure cancels. */
    void attempt(@Nullable Attempt current) {
        attempt = current;
    }

    /** From here on no answer can reach the client, or it has its whole answer. */
    boolean over() {
        return recorded;
    }

    boolean closesAfter() {
        return closeAfter;
    }

    /** The connection must not serve another request after this one. */
    void closeAfter() {
        closeAfter = true;
    }

    /**
     * The record phase: counts the request. Only the first call counts.
     *
     * @param code what the client was sent
     * @param failure null for the upstream's whole answer
     */
    void record(int code, @Nullable Failure failure) {
        if (recorded) {
            return;
        }
        recorded = true;
        Route route = route();
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beganNanos);
        loop.counts().record(route == null ? null : route.id(), code, micros);
        if (failure != null) {
            loop.meters().requestFailed(failure.name());
        }
        if (note != null) {
            note.recorded(code, failure);
        }
    }

    /**
     * Ends when the answer's last byte was handed to the operating system, or could not be. A client that does not take
     * it is cut: nothing else watches it any more.
     */
    void endAfter(Future<Void> lastWrite) {
        if (!ended && !lastWrite.isComplete()) {
            lastWriteStall.arm(loop.longestStallMs());
        }
        lastWrite.onComplete(written -> end(true));
    }

    /** The client's side of the connection broke: either it is gone, or what it sends cannot be read any further. */
    void broken(Throwable cause) {
        if (cause instanceof StreamResetException) {
            giveUp(Failure.CLIENT_GONE);
        } else if (connection.http2()) {
            giveUp(Failure.BAD_REQUEST); // whoever found that out resets the stream, and says why
        } else if (!(cause instanceof HttpClosedException)) {
            leave(Failure.BAD_REQUEST);
        }
    }

    /** Nothing more comes of the body, and nobody can tell where the next request would begin. */
    void refuseBody(Failure failure) {
        cancelAttempt();
        body.detach();
        if (over()) {
            connection.close();
        } else if (response().headWritten()) {
            leave(failure);
        } else {
            GatewayAnswer.sendAndLinger(this, failure);
        }
    }

    /** Ends before the upstream's answer began, or cuts it. */
    void abort(Failure failure) {
        cancelAttempt();
        if (over()) {
            return; // it has its answer, and the connection may be at the next request
        }
        if (response().headWritten()) {
            leave(failure);
        } else {
            GatewayAnswer.send(this, failure);
        }
    }

    /** Gives up: an answer would be misunderstood, or is not taken. The connection is reset, over HTTP/2 the stream. */
    void leave(Failure failure) {
        record(failure.status(), failure);
        cancelAttempt();
        connection.cut(request, loop.sockets());
        end(false);
    }

    /** As {@link #leave}, where there is nothing to reset any more. */
    private void giveUp(Failure failure) {
        record(failure.status(), failure);
        cancelAttempt();
        end(false);
    }

    /** The tunnel that the connection became is closed on the client's side. */
    void tunnelEnded() {
        connection.closed();
        end(false);
    }

    void cancelAttempt() {
        Attempt current = attempt;
        attempt = null;
        if (current != null) {
            current.cancel();
        } else {
            body.detach();
        }
    }

    private void end(boolean open) {
        if (ended) {
            return;
        }
        ended = true;
        unlimited();
        lastWriteStall.disarm();
        atEnd.run();
        loop.inFlight().decrementAndGet();
        if (note != null) {
            note.write(this);
        }
        if (open || connection.http2()) {
            connection.requestEnded(this);
        }
        if (!open) {
            body.drop();
        } else if (connection.http2()) {
            body.abandon();
        } else {
            body.discard(closeAfter);
        }
    }
}
