package dev.sluice.runtime.request;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.routing.RouteMatch;
import dev.sluice.runtime.failure.Diagnosis;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.request.Deadlines.Deadline;
import dev.sluice.runtime.request.guard.AnswerEnds;
import dev.sluice.runtime.upstream.Turn;
import dev.sluice.runtime.upstream.UpstreamConnection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One try at the upstream, from taking a connection to the header section of the answer. Afterwards the relay goes on
 * with its deadline, and tells it how the answer ended.
 */
final class Attempt implements BodyStream.Upload {
    private static final long CANCEL = 8; // RFC 9113 7

    /** An upstream that says more before its answer has none. */
    private static final int MOST_INTERIMS = 1_000;

    private final Exchange exchange;
    private final Implementation implementation;
    private final Turn turn;
    private final Deadline deadline;
    private final Promise<HttpClientResponse> head = Promise.promise();
    private final long beganNanos = System.nanoTime();
    private Failure whenDeadlinePasses = Failure.CONNECT_TIMEOUT;
    private @Nullable HttpClientRequest upstream;
    private @Nullable UpstreamSocket socket;
    private boolean reused;
    private boolean written;
    private boolean answered;
    private boolean ended;
    private boolean sent;
    private int interims;
    private @Nullable Consumer<Failure> cut;
    private Runnable whenWhole = () -> {};
    private AnswerEnds.@Nullable Whole whole;

    Attempt(Exchange exchange, Implementation implementation, Turn turn) {
        this.exchange = exchange;
        this.implementation = implementation;
        this.turn = turn;
        this.deadline = exchange.loop().deadlines().create(this::late);
    }

    /** Begins. Succeeds with the answer, paused, or fails with a {@link RequestFailed}. */
    Future<HttpClientResponse> run() {
        exchange.attempt(this);
        exchange.attempted(turn.destination());
        exchange.loop().meters().attemptStarted();
        deadline.arm(implementation.connectTimeout());
        exchange.loop()
                .upstreams()
                .connect(implementation, turn.destination(), exchange.upstreamTls())
                .onComplete(this::connected);
        return head.future();
    }

    /** Whether the connection had carried another request before. */
    boolean reused() {
        return reused;
    }

    /** Whether anything of the request may have reached the upstream. */
    boolean written() {
        return written;
    }

    /** From the beginning of this attempt until now. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    private void late() {
        boolean queued = upstream == null
                && exchange.loop().upstreams().full(implementation, turn.destination(), exchange.upstreamTls());
        // Waiting for a connection that others hold is no fault of the upstream's, and trying again only adds to it.
        fail(queued ? Failure.OVERLOAD : whenDeadlinePasses);
    }

    private void connected(AsyncResult<UpstreamConnection> result) {
        if (ended) {
            if (result.succeeded()) {
                result.result().request().exceptionHandler(reset -> {}).reset(CANCEL);
            }
            return;
        }
        if (result.failed()) {
            fail(Diagnosis.ofConnecting(result.cause()));
            return;
        }
        reused = result.result().reused();
        turn.connected(reused);
        upstream = result.result().request();
        if (implementation.protocol().grpc() && !http2(upstream)) {
            fail(Failure.TLS_FAILED); // by ALPN: an upstream that does not know it speaks HTTP/1.1
            return;
        }
        try {
            send(upstream);
        } catch (RuntimeException e) {
            fail(Diagnosis.ofConnecting(e));
        }
    }

    private void send(HttpClientRequest request) {
        RouteMatch match = exchange.match();
        if (match == null) {
            throw new IllegalStateException("Not matched yet");
        }
        request.exceptionHandler(this::broken);
        request.continueHandler(now -> {
            if (interim()) {
                exchange.body().askFor();
            }
        });
        request.earlyHintsHandler(fields -> {
            if (interim()) {
                exchange.interim(fields);
            }
        });
        String uri = match.upstreamPath() + exchange.target().query();
        UpstreamHeaders.writeTo(request, exchange, match, turn.destination());
        if (exchange.upgrade()) {
            written = true;
            expect(Failure.READ_TIMEOUT, implementation.readTimeout());
            UpstreamRequest.upgrade(request, exchange, uri).onComplete(this::answered);
            return;
        }
        RequestBody body = exchange.body();
        ReadStream<Buffer> stream = body.present() ? body.open(this) : null;
        if (stream == null) {
            written = true;
            sent = true;
        }
        expect(Failure.READ_TIMEOUT, implementation.readTimeout());
        UpstreamRequest.send(request, exchange, uri, stream);
        exchange.ignoreBrokenWrites();
        if (body.present() && !body.buffered()) {
            // What the client says next may depend on what the upstream makes of the head.
            exchange.loop().context().runOnContext(now -> sendHead(request));
        }
        request.response().onComplete(this::answered);
    }

    private void sendHead(HttpClientRequest request) {
        if (!ended && !written) {
            written = true;
            request.sendHead().onFailure(broken -> {}); // which the exception handler hears of too
        }
    }

    private void expect(Failure failure, long millis) {
        whenDeadlinePasses = failure;
        deadline.arm(millis);
    }

    @Override
    public void blocked() {
        if (!answered && !ended) {
            expect(Failure.WRITE_TIMEOUT, implementation.writeTimeout());
        }
    }

    @Override
    public void flowing() {
        if (!answered && !ended) {
            deadline.disarm(); // it is the client's turn
        }
    }

    @Override
    public void begun() {
        written = true;
    }

    @Override
    public boolean trail(MultiMap trailers) {
        HttpClientRequest request = upstream;
        if (request == null) {
            return false;
        }
        HttpConnection connection = request.connection();
        if (http2(request)) {
            // An empty frame: when it is out, so is everything before it, and only the codec has to put them in order.
            Future<Void> before = written ? request.write(Buffer.buffer()) : request.sendHead();
            before.onSuccess(out -> exchange.loop().sockets().endStream(connection, request.streamId(), trailers));
            return true;
        }
        if (request.isChunked()) { // else there is no room for them (RFC 9112 7.1.2)
            exchange.loop().sockets().trailLastChunk(connection, trailers);
        }
        return false;
    }

    @Override
    public void complete() {
        sent = true;
        if (!answered && !ended) {
            expect(Failure.READ_TIMEOUT, implementation.readTimeout());
        }
    }

    /** Something came that is no answer yet (RFC 9110 15.2). Whether it is to be taken. */
    private boolean interim() {
        if (ended || answered) {
            return false;
        }
        if (++interims > MOST_INTERIMS) {
            fail(Failure.INVALID_RESPONSE);
            return false;
        }
        if (whenDeadlinePasses == Failure.READ_TIMEOUT) {
            deadline.touch();
        }
        return true;
    }

    private void answered(AsyncResult<HttpClientResponse> result) {
        if (ended) {
            return;
        }
        if (result.failed()) {
            broken(result.cause());
            return;
        }
        HttpClientResponse response = result.result();
        response.exceptionHandler(this::broken);
        if (response.statusCode() == 101 && exchange.upgrade() && WebSocketUpgrade.accepted(response)) {
            response.netSocket(); // from here on what comes is for the tunnel
        } else if (response.statusCode() < 200 || response.statusCode() > 599) {
            // Below: not asked for; the connection is no HTTP any more, or about to get out of step. Above: no class of
            // status that anybody knows (RFC 9110 15), and none that is recorded.
            fail(Failure.INVALID_RESPONSE);
            return;
        }
        answered = true;
        exchange.body().answering();
        turn.answered(response.statusCode());
        exchange.answeredWithin(millis());
        deadline.disarm();
        response.pause();
        head.complete(response);
    }

    /**
     * The relay begins: from now on it is told when the answer breaks off.
     *
     * @param toEnd run when {@link #whole} is known: its end will not be told
     */
    void relaying(Consumer<Failure> whenCut, Runnable toEnd) {
        cut = whenCut;
        whenWhole = toEnd;
        expect(Failure.READ_TIMEOUT, implementation.readTimeout());
    }

    /** The answer, where its upstream has said it to its end before it was read; null while that is not known. */
    AnswerEnds.@Nullable Whole whole() {
        return whole;
    }

    /** Something of the answer came. */
    void moved() {
        deadline.touch();
    }

    /** The client is the one that is waited for, and nobody reads what the upstream sends. */
    void clientBlocks() {
        deadline.disarm();
        hold();
    }

    /** The upstream is read again, and waited for. */
    void clientTakesMore() {
        expect(Failure.READ_TIMEOUT, implementation.readTimeout());
        release();
    }

    /** Nobody reads what the upstream sends: it may end its connection, and what it sent before must not be lost. */
    void hold() {
        HttpClientRequest request = upstream;
        if (socket == null && request != null && !http2(request)) {
            socket = exchange.loop().sockets().upstream(request.connection());
        }
        if (socket != null) {
            socket.hold();
        }
    }

    /** The upstream is read again. */
    void release() {
        if (socket != null) {
            socket.release();
        }
    }

    /**
     * The whole answer is there. What is still to be sent of the request is of no use any more. Vert.x cannot use a
     * connection again that was to be switched.
     */
    void answerComplete() {
        if (!ended) {
            finish(null);
            if (!sent) {
                reset();
            }
        }
    }

    /** The connection is no HTTP any more: how it goes on, and how it ends, is up to the tunnel. */
    void switched() {
        deadline.disarm();
        HttpClientRequest request = upstream;
        if (request != null) {
            request.exceptionHandler(broken -> {});
        }
    }

    /** Milliseconds in which something must come from the upstream. */
    long readTimeout() {
        return implementation.readTimeout();
    }

    /** Milliseconds in which the upstream must take something. */
    long writeTimeout() {
        return implementation.writeTimeout();
    }

    /** The tunnel was closed on the upstream's side. */
    void tunnelEnded() {
        if (!ended) {
            finish(null);
        }
    }

    /** Nobody wants the answer any more. */
    void cancel() {
        if (!ended) {
            finish(null);
            reset();
        }
    }

    private void broken(Throwable thrown) {
        if (!ended && !saidToItsEnd(thrown)) {
            fail(beyondGoAway(thrown) ? Failure.GOING_AWAY : Diagnosis.ofExchanging(thrown));
        }
    }

    /** What is still to be relayed comes then, but not its end. */
    private boolean saidToItsEnd(Throwable thrown) {
        HttpClientRequest request = upstream;
        if (whole == null && answered && request != null && closedWithoutAnError(thrown, request)) {
            whole = exchange.loop().sockets().answer(request.connection(), request.streamId());
        }
        if (whole != null) {
            whenWhole.run();
        }
        return whole != null;
    }

    /** Vert.x hears of the first GOAWAY alone, and what the exception says of it lies in a buffer given back: the codec knows. */
    private boolean beyondGoAway(Throwable thrown) {
        HttpClientRequest request = upstream;
        return request != null
                && closedWithoutAnError(thrown, request)
                && exchange.loop().sockets().beyondGoAway(request.connection(), request.streamId());
    }

    private static boolean closedWithoutAnError(Throwable thrown, HttpClientRequest request) {
        return thrown instanceof HttpClosedException && http2(request);
    }

    /** Ends the attempt with a failure, at whatever point it is. */
    void fail(Failure failure) {
        if (ended) {
            return;
        }
        finish(failure);
        exchange.loop().meters().attemptFailed(failure.name());
        reset();
        if (failure == Failure.READ_TIMEOUT || failure == Failure.WRITE_TIMEOUT) {
            suspect();
        }
        if (cut != null) {
            cut.accept(failure);
        } else {
            head.tryFail(new RequestFailed(failure));
        }
    }

    private void finish(@Nullable Failure failure) {
        ended = true;
        deadline.disarm();
        release();
        exchange.attempt(null);
        exchange.body().detach();
        exchange.loop().meters().attemptEnded();
        turn.ended(failure);
    }

    private void reset() {
        HttpClientRequest request = upstream;
        if (request == null) {
            return;
        }
        request.reset(CANCEL);
        if (http2(request)) {
            return; // others' requests are on the connection
        }
        if (exchange.upgrade() || (written && exchange.body().present())) {
            // What was written may never be taken; and of a switched connection nothing can be used again.
            exchange.loop().sockets().cutUpstream(request.connection());
        }
    }

    private void suspect() {
        HttpClientRequest request = upstream;
        if (request != null && http2(request)) {
            HttpConnection connection = request.connection();
            exchange.loop()
                    .upstreams()
                    .suspect(connection, () -> exchange.loop().sockets().cutUpstream(connection));
        }
    }

    private static boolean http2(HttpClientRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }
}
