package dev.sluice.runtime.request;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt's view of a request's body: first what is held of it, in memory and on disk, then what comes. */
final class BodyStream implements ReadStream<Buffer> {
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

    private final RequestBody body;
    private final Upload upload;
    private final List<Buffer> waiting;
    private @Nullable Backlog onDisk;
    private int sent;
    private boolean paused = true;
    private boolean reading;
    private boolean live;
    private boolean abandoned;
    private boolean done;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;

    /**
     * @param waiting goes out first; a list of its own
     * @param onDisk goes out next; null for nothing
     */
    BodyStream(RequestBody body, Upload upload, List<Buffer> waiting, @Nullable Backlog onDisk) {
        this.body = body;
        this.upload = upload;
        this.waiting = waiting;
        this.onDisk = onDisk;
    }

    /** The attempt gets nothing more. */
    void abandon() {
        abandoned = true;
    }

    /** Whether all of it was handed over. */
    boolean isDone() {
        return done;
    }

    /** What the client just sent. */
    void offer(Buffer chunk) {
        waiting.add(chunk);
        drain();
    }

    /** Hands over what there is. */
    void drain() {
        Handler<Buffer> to = handler;
        while (to != null && !paused && !abandoned && !reading && !done) {
            Backlog rest = onDisk;
            if (sent < waiting.size()) {
                send(waiting.get(sent++), to);
            } else if (rest != null && !rest.isEmpty()) {
                forgetSent();
                readOn(rest, to);
            } else {
                forgetSent();
                onDisk = null;
                finish();
                return;
            }
        }
    }

    private void send(Buffer piece, Handler<Buffer> to) {
        upload.begun();
        to.handle(piece);
    }

    private void forgetSent() {
        waiting.clear();
        sent = 0;
    }

    private void readOn(Backlog rest, Handler<Buffer> to) {
        Future<Buffer> next = rest.next();
        if (next.succeeded()) {
            send(next.result(), to);
        } else {
            reading = true;
            next.onComplete(this::wasRead);
        }
    }

    private void wasRead(AsyncResult<Buffer> piece) {
        reading = false;
        if (abandoned) {
            return;
        }
        if (piece.failed()) {
            body.unreadable(piece.cause());
        } else {
            offer(piece.result());
        }
    }

    /** There is no more of it, or not yet. */
    private void finish() {
        if (body.hasEnded()) {
            done = true;
            MultiMap trailers = body.trailers();
            boolean over = trailers != null && upload.trail(trailers);
            upload.begun();
            Handler<Void> end = endHandler;
            if (end != null && !over) {
                end.handle(null);
            }
            upload.complete();
            body.sent();
        } else if (!live) {
            live = true;
            body.goOn();
        }
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
            live = false;
            body.pause();
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
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        return resume(); // pipes only pause and resume
    }
}
