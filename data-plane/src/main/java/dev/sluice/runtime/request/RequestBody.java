package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.request.Deadlines.Deadline;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: streamed to the attempt at hand with back-pressure, and held back at the same time, as long as it
 * is small, so that another attempt can send it again. What no attempt wants is read and dropped, within limits, so
 * that the client can finish and see its answer.
 */
final class RequestBody {
    /** So much is held back to be sent again. */
    static final int MOST_HELD = 64 * 1024;

    /** So much of an unwanted body is read, for so long, before the connection is closed. */
    private static final int MOST_DISCARDED = 1024 * 1024;

    private static final long LONGEST_DISCARDING_MS = 5_000;
    private static final long NO_ERROR = 0; // RFC 9113 7

    /** What an attempt is told about its upload. */
    interface Upload {
        /** The upstream does not take more for now. */
        void blocked();

        /** The upstream takes more again; what is missing now is the client's to send. */
        void flowing();

        /** Something goes out now. */
        void begun();

        /**
         * Trailers go out, behind everything else.
         *
         * @return whether that ends the request too
         */
        boolean trail(MultiMap trailers);

        /** Everything was handed over. */
        void complete();
    }

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final boolean present;
    private final long length;
    private final List<Buffer> held = new ArrayList<>(0);
    private int heldBytes;
    private boolean whole = true;
    private boolean ended;
    private boolean wired;
    private boolean discarding;
    private long received;
    private long discarded;
    private boolean closeOnceDiscarded;
    private boolean awaited;
    private boolean answering;
    private @Nullable MultiMap trailers;
    private @Nullable Deadline silence;
    private @Nullable Stream current;

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

    /** -1 when nobody said how long it is. */
    long length() {
        return length;
    }

    /** Whether it comes in the chunks of HTTP/1. */
    boolean inChunks() {
        return present && length < 0 && !exchange.connection().http2();
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
        return whole;
    }

    /** No further attempt will be made. */
    void forget() {
        whole = false;
        held.clear();
    }

    /** A stream of the whole body for a further attempt; the one before gets nothing more. */
    ReadStream<Buffer> open(Upload upload) {
        wire();
        detach();
        Stream stream = new Stream(upload, List.copyOf(held));
        current = stream;
        return stream;
    }

    /** The upstream answers: from now on the client may listen for as long as it likes. */
    void answering() {
        answering = true;
        disarm();
    }

    /** The attempt wants no more. */
    void detach() {
        Stream stream = current;
        current = null;
        if (stream != null) {
            stream.abandoned = true;
            pauseRequest();
        }
        disarm();
    }

    /**
     * Reads and drops what is still to come.
     *
     * @param thenClose whether the connection is to be closed once it is read
     */
    void discard(boolean thenClose) {
        detach();
        held.clear();
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
        detach();
        held.clear();
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
        hold(chunk);
        if (silence != null) {
            silence.touch();
        }
        Stream stream = current;
        if (stream != null) {
            stream.offer(chunk);
        }
    }

    private void hold(Buffer chunk) {
        if (!whole) {
            return;
        }
        heldBytes += chunk.length();
        if (heldBytes > MOST_HELD || !kept()) {
            forget();
        } else {
            held.add(chunk);
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
        Stream stream = current;
        if (stream != null) {
            stream.drain();
        }
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

    /** One attempt's view: first what is held, then what comes. */
    private final class Stream implements ReadStream<Buffer> {
        private final Upload upload;
        private final List<Buffer> waiting;
        private int sent;
        private boolean paused = true;
        private boolean abandoned;
        private boolean done;
        private @Nullable Handler<Buffer> handler;
        private @Nullable Handler<Void> endHandler;

        Stream(Upload upload, List<Buffer> held) {
            this.upload = upload;
            this.waiting = new ArrayList<>(held);
        }

        void offer(Buffer chunk) {
            waiting.add(chunk);
            drain();
        }

        void drain() {
            while (!paused && !abandoned && sent < waiting.size()) {
                Handler<Buffer> to = handler;
                if (to == null) {
                    return;
                }
                Buffer next = waiting.get(sent++);
                upload.begun();
                to.handle(next);
            }
            if (paused || abandoned || done) {
                return;
            }
            waiting.clear();
            sent = 0;
            if (!ended) {
                return;
            }
            done = true;
            MultiMap last = trailers;
            boolean over = last != null && upload.trail(last);
            upload.begun();
            Handler<Void> end = endHandler;
            if (end != null && !over) {
                end.handle(null);
            }
            upload.complete();
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> to) {
            return this; // the exchange hears of what breaks
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> to) {
            handler = to;
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> to) {
            endHandler = to;
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            if (!abandoned && !paused) {
                paused = true;
                disarm();
                pauseRequest();
                upload.blocked();
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            if (abandoned || handler == null || !paused) {
                return this;
            }
            paused = false;
            upload.flowing();
            drain();
            if (!paused && !done) {
                read();
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return resume(); // pipes only pause and resume
        }
    }
}
