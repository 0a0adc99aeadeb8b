package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.BufferSettings;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.request.Deadlines.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's body. Where the route has {@code request_buffering} it is taken whole before anything of the request goes
 * upstream, in memory and beyond that on disk, within the limits of the runtime. Else, and beyond these, it is streamed to
 * the attempt at hand with back-pressure, and a copy is kept of what is short, if the route allows that. What is held
 * whole can be sent again by another attempt. What no attempt wants is read and dropped, within limits, so that the
 * client can finish and see its answer.
 */
final class RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);

    /** So much is kept of what is streamed, to be sent again. */
    static final int MOST_HELD = 64 * 1024;

    /** So much of an unwanted body is read, for so long, before the connection is closed. */
    private static final int MOST_DISCARDED = 1024 * 1024;

    private static final long LONGEST_DISCARDING_MS = 5_000;
    private static final long NO_ERROR = 0; // RFC 9113 7

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final boolean present;
    private final HeldBody held = new HeldBody();
    private long length;
    private boolean ended;
    private boolean wired;
    private boolean discarding;
    private long received;
    private long discarded;
    private boolean closeOnceDiscarded;
    private boolean awaited;
    private boolean answering;
    private @Nullable MultiMap trailers;
    private boolean crowded;
    private @Nullable Deadline silence;
    private @Nullable Promise<Void> taking;
    private @Nullable BodyStream current;

    private RequestBody(Exchange exchange, HttpServerRequest request, boolean present, long length) {
        this.exchange = exchange;
        this.request = request;
        this.present = present;
        this.length = length;
        this.awaited = present && request.version() != HttpVersion.HTTP_1_0 && expectsContinue(request);
    }

    /** RFC 9110 10.1.1. */
    private static boolean expectsContinue(HttpServerRequest request) {
        String expected = request.getHeader(HttpHeaders.EXPECT);
        return expected != null && expected.equalsIgnoreCase("100-continue");
    }

    static RequestBody of(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        long length = declared == null ? -1 : parse(declared);
        if (chunked) {
            exchange.connection().chunksFollow();
        }
        boolean present = chunked || length > 0 || exchange.connection().bodyFollows(request);
        return new RequestBody(exchange, request, present, chunked ? -1 : length);
    }

    /** Whether there is one at all. */
    boolean present() {
        return present;
    }

    /** -1 while nobody knows how long it is. */
    long length() {
        return length;
    }

    /** Whether it comes in the chunks of HTTP/1, as long as nothing else tells its length. */
    boolean inChunks() {
        return present && length < 0 && !exchange.connection().http2();
    }

    /**
     * Whether it is to be taken before anything goes upstream: whole, as far as can be told now. What is known to be
     * longer than there is room for is better streamed from its beginning.
     */
    boolean comesFirst() {
        if (!present || !buffered()) {
            return false;
        }
        BufferSettings most = exchange.loop().settings().buffers();
        long onDisk = Math.max(0, most.diskBytes() - exchange.loop().onDisk().get());
        return length - most.memoryBytes() <= onDisk;
    }

    /**
     * Takes it from the client. Completes when it is whole or when nothing more of it may be held: what is missing is the
     * client's to send while an attempt sends it on. Where the request ends before that, it never completes.
     */
    Future<Void> take() {
        Promise<Void> promise = Promise.promise();
        taking = promise;
        wire();
        read();
        return promise.future();
    }

    /** Whether the route lets it be held back. A gRPC call is a conversation: nothing of it may wait for its end. */
    boolean buffered() {
        return kept() && !Grpc.spokenBy(request);
    }

    /** Whether the route lets a copy be kept of what goes on. */
    private boolean kept() {
        Route route = exchange.route();
        return route != null && route.requestBuffering();
    }

    /**
     * Whether the client waits to be told that it may send it. Where it may be held back, it is told so as soon as it is
     * read; else the upstream is asked.
     */
    boolean awaited() {
        return awaited;
    }

    /** The client is told to send it. */
    void askFor() {
        if (awaited && !request.response().headWritten() && !request.response().ended()) {
            awaited = false;
            request.response().writeContinue().onFailure(gone -> {});
        }
    }

    /** Whether everything that was read is still held, so that another attempt can send it. */
    boolean replayable() {
        return held.isWhole();
    }

    /** No further attempt will be made. */
    void forget() {
        held.forget();
        closeUnread();
    }

    /** A stream of the whole body for a further attempt; the one before gets nothing more. */
    ReadStream<Buffer> open(BodyStream.Upload upload) {
        wire();
        detach();
        BodyStream stream = new BodyStream(this, upload, held.open(), held.beyondMemory());
        current = stream;
        return stream;
    }

    /** The upstream answers: from now on the client may listen for as long as it likes. */
    void answering() {
        answering = true;
        disarm();
    }

    /** No attempt wants more of it, for now. */
    void detach() {
        BodyStream stream = current;
        boolean read = stream != null || taking != null;
        current = null;
        taking = null;
        if (stream != null) {
            stream.abandon();
        }
        if (read) {
            pauseRequest();
        }
        disarm();
        closeUnread();
    }

    /** Nothing of it is wanted any more, and nothing of it is kept. */
    void drop() {
        detach();
        held.close();
    }

    /** What nobody will read is kept no longer. */
    private void closeUnread() {
        if (!held.isWhole() && (current == null || current.isDone())) {
            held.close();
        }
    }

    /**
     * Reads and drops what is still to come.
     *
     * @param thenClose whether the connection is to be closed once it is read
     */
    void discard(boolean thenClose) {
        drop();
        if (!present || ended || awaited || request.isEnded()) {
            if (thenClose) {
                exchange.connection().close();
            }
            return;
        }
        discarding = true;
        wire();
        closeOnceDiscarded = thenClose;
        arm(LONGEST_DISCARDING_MS);
        request.resume();
    }

    /** Nothing more of it is wanted, and over HTTP/2 nothing more need come: the client is told so (RFC 9113 8.1). */
    void abandon() {
        drop();
        if (present && !ended && !request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }

    private void wire() {
        if (wired) {
            return;
        }
        wired = true;
        request.handler(this::chunk);
        request.endHandler(end -> ended());
        request.exceptionHandler(broken -> exchange.broken(broken));
    }

    private void chunk(Buffer chunk) {
        if (discarding) {
            discarded += chunk.length();
            if (discarded > MOST_DISCARDED) {
                disarm();
                exchange.connection().close();
            }
            return;
        }
        received += chunk.length();
        long most = exchange.loop().settings().limits().bodyBytes();
        if (most > 0 && received > most) {
            exchange.abort(Failure.BODY_TOO_LARGE);
            return;
        }
        if (silence != null) {
            silence.touch();
        }
        if (taking != null) {
            take(chunk);
            return;
        }
        if (kept()) {
            held.copy(chunk, MOST_HELD);
        } else {
            held.forget();
        }
        BodyStream stream = current;
        if (stream != null) {
            stream.offer(chunk);
        }
    }

    private void take(Buffer chunk) {
        held.take(chunk, exchange.loop(), this::roomier);
        if (!held.hasRoom()) {
            crowded = true;
            disarm();
            pauseRequest();
            roomier();
        }
    }

    /** The disk has caught up, or there is no more of it. */
    private void roomier() {
        if (taking == null || !crowded) {
            return;
        }
        if (held.isFull()) {
            taken();
        } else if (held.hasRoom()) {
            crowded = false;
            read();
        }
    }

    private void taken() {
        Promise<Void> promise = taking;
        taking = null;
        if (promise != null) {
            promise.complete();
        }
    }

    private void ended() {
        ended = true;
        disarm();
        if (discarding && closeOnceDiscarded) {
            exchange.connection().close();
        }
        if (!discarding && (inChunks() || exchange.connection().http2())) {
            try {
                trailers = Trailers.of(
                        request,
                        exchange.connection(),
                        exchange.loop().settings().limits());
            } catch (RequestFailed refused) {
                exchange.abort(refused.failure());
                return;
            }
        }
        if (taking != null) {
            if (trailers == null) { // where there are some, only chunks have room for them
                length = received;
            }
            taken();
            return;
        }
        BodyStream stream = current;
        if (stream != null) {
            stream.drain();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** What goes on behind it, once it has ended; null for nothing. */
    @Nullable
    MultiMap trailers() {
        return trailers;
    }

    /** The upstream takes nothing for now, so neither is anything taken from the client. */
    void pause() {
        disarm();
        pauseRequest();
    }

    /** What is held was sent: the client is to send the rest. */
    void goOn() {
        if (held.beyondMemory() != null) {
            held.close(); // so long a body is not sent twice
        }
        read();
    }

    /** All of it was sent. */
    void sent() {
        closeUnread();
    }

    /** What was held on disk is lost. */
    void unreadable(Throwable cause) {
        LOG.error("A request body that was held on disk cannot be read: {}", cause.toString());
        exchange.abort(Failure.GATEWAY_ERROR);
    }

    private void read() {
        if (!ended) {
            if (awaited && buffered()) {
                askFor();
            }
            if (!answering) {
                arm(exchange.loop().settings().limits().bodyMs());
            }
            request.resume();
        }
    }

    private void pauseRequest() {
        if (!ended && !request.isEnded()) { // over HTTP/2, that is an error
            request.pause();
        }
    }

    private void arm(long millis) {
        if (silence == null) {
            silence = exchange.loop().deadlines().create(this::silent);
        }
        silence.arm(millis);
    }

    private void disarm() {
        if (silence != null) {
            silence.disarm();
        }
    }

    private void silent() {
        if (discarding) {
            exchange.connection().close();
        } else {
            exchange.abort(Failure.REQUEST_TIMEOUT);
        }
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1; // the guard refuses it
        }
    }
}
