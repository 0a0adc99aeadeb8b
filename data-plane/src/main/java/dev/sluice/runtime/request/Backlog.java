package dev.sluice.runtime.request;

import dev.sluice.runtime.BufferSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one side sent and the other has not yet taken: in memory at first, in a file beyond that, first in, first out.
 * The file has no name from the moment it is open, so that nothing stays of it whatever happens. Where the disk fails,
 * it is as if there were none. Owned by one event loop, which it never blocks.
 *
 * <p>One that keeps can be read from its beginning again, as long as all of it went to disk; it is filled before it is
 * read.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    /** So much may wait to be written. */
    private static final int MOST_UNWRITTEN = 256 * 1024;

    private static final int PIECE = 64 * 1024;

    private final Vertx vertx;
    private final BufferSettings settings;
    private final int memoryBytes;
    private final AtomicLong onDisk;
    private final boolean keeps;
    private final Runnable changed;

    private final ArrayDeque<Buffer> first = new ArrayDeque<>();
    private final ArrayDeque<Buffer> last = new ArrayDeque<>();
    private long firstBytes;
    private long lastBytes;
    private long readTo;
    private long writtenTo;
    private int writing;
    private long reserved;
    private int readers;
    private boolean lost;
    private boolean broken;
    private boolean closed;
    private @Nullable Future<AsyncFile> file;
    private @Nullable Promise<Buffer> waiting;

    private Backlog(Loop loop, int memoryBytes, boolean keeps, Runnable changed) {
        this.vertx = loop.context().owner();
        this.settings = loop.settings().buffers();
        this.memoryBytes = memoryBytes;
        this.onDisk = loop.onDisk();
        this.keeps = keeps;
        this.changed = changed;
    }

    /**
     * Of an answer, as much as is to be held in memory included.
     *
     * @param changed run when there may be room again
     */
    static Backlog ofAnswer(Loop loop, Runnable changed) {
        return new Backlog(loop, loop.settings().buffers().memoryBytes(), false, changed);
    }

    /**
     * Of what is not to be held in memory of a request's body. It keeps.
     *
     * @param changed run when there may be room again, and when there will be none any more
     */
    static Backlog ofBody(Loop loop, Runnable changed) {
        return new Backlog(loop, 0, true, changed);
    }

    /** Whether it was read to its end. */
    boolean isEmpty() {
        return first.isEmpty() && nothingBeyondMemory();
    }

    private boolean nothingBeyondMemory() {
        return last.isEmpty() && writing == 0 && readTo == writtenTo;
    }

    /** Whether more may be added; what is added nevertheless is kept too. */
    boolean hasRoom() {
        if (isEmpty()) {
            return true; // else nothing would ever be taken out that makes room
        }
        if (nothingBeyondMemory() && firstBytes < memoryBytes) {
            return true;
        }
        return lastBytes + writing < MOST_UNWRITTEN && !isFull();
    }

    void add(Buffer bytes) {
        if (nothingBeyondMemory() && (firstBytes < memoryBytes || isFull())) {
            first.add(bytes);
            firstBytes += bytes.length();
        } else {
            last.add(bytes);
            lastBytes += bytes.length();
            write();
        }
    }

    /** Whether nothing more should go to disk. */
    boolean isFull() {
        return broken || onDisk.get() >= settings.diskBytes();
    }

    /** Whether it can be read from its beginning again. */
    boolean isWhole() {
        return keeps && !lost;
    }

    /** Another reads it from its beginning, if it is whole; who read it before is of no account any more. */
    void rewind() {
        readers++;
        readTo = 0;
        waiting = null;
    }

    /** The next piece; to be asked for one at a time, and only where there is one. */
    Future<Buffer> next() {
        Buffer piece = first.poll();
        if (piece != null) {
            lost = true;
            firstBytes -= piece.length();
            return Future.succeededFuture(piece);
        }
        if (readTo < writtenTo && file != null) {
            int reader = readers;
            long at = readTo;
            int length = (int) Math.min(PIECE, writtenTo - at);
            return file.compose(from -> from.read(Buffer.buffer(length), 0, at, length))
                    .map(read -> passed(read, reader));
        }
        if (broken && writing == 0) {
            piece = last.remove();
            lost = true;
            lastBytes -= piece.length();
            return Future.succeededFuture(piece);
        }
        Promise<Buffer> promise = Promise.promise();
        waiting = promise;
        return promise.future();
    }

    private Buffer passed(Buffer piece, int reader) {
        if (reader != readers) {
            return piece; // to one who has left
        }
        readTo += piece.length();
        if (!keeps && readTo == writtenTo && writing == 0) {
            readTo = 0;
            writtenTo = 0;
            release(reserved);
        }
        return piece;
    }

    private void write() {
        if (writing > 0 || last.isEmpty() || broken || closed) {
            return;
        }
        Buffer together = Buffer.buffer((int) lastBytes);
        last.forEach(together::appendBuffer);
        last.clear();
        lastBytes = 0;
        writing = together.length();
        reserved += writing;
        onDisk.addAndGet(writing);
        open().compose(to -> to.write(together, writtenTo)).onComplete(written -> {
            writing = 0;
            if (written.succeeded()) {
                writtenTo += together.length();
                write();
            } else {
                broken = true;
                if (!closed) {
                    release(together.length()); // closing has given back everything
                }
                last.addFirst(together);
                lastBytes += together.length();
                if (!closed) {
                    LOG.warn(
                            "Held in memory, since it cannot be on disk: {}",
                            written.cause().toString());
                }
            }
            serveWaiting();
            changed.run();
        });
    }

    private Future<AsyncFile> open() {
        if (file == null) {
            file = vertx.fileSystem()
                    .createTempFile(settings.directory().toString(), "held-", ".part", "rw-------")
                    .compose(this::open);
        }
        return file;
    }

    private Future<AsyncFile> open(String path) {
        return vertx.fileSystem()
                .open(path, new OpenOptions().setCreate(false).setDeleteOnClose(true))
                .recover(unopened ->
                        vertx.fileSystem().delete(path).transform(deleted -> Future.failedFuture(unopened)));
    }

    private void serveWaiting() {
        Promise<Buffer> promise = waiting;
        if (promise != null) {
            waiting = null;
            next().onComplete(promise);
        }
    }

    private void release(long bytes) {
        reserved -= bytes;
        onDisk.addAndGet(-bytes);
    }

    /** Nothing of it is wanted any more. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        first.clear();
        last.clear();
        release(reserved);
        if (file != null) {
            file.onSuccess(opened -> opened.close().onFailure(unclosed -> {
                LOG.warn("A file of what was held stays: {}", unclosed.toString());
            }));
        }
    }
}
