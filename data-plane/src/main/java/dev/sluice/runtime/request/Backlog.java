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
 * What an upstream sent and its client has not yet taken: in memory at first, in a file beyond that, first in, first
 * out. The file has no name from the moment it is open, so that nothing stays of it whatever happens. Where the disk
 * fails, it is as if there were none. Owned by one event loop, which it never blocks.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    /** So much may wait to be written. */
    private static final int MOST_UNWRITTEN = 256 * 1024;

    private static final int PIECE = 64 * 1024;

    private final Vertx vertx;
    private final BufferSettings settings;
    private final AtomicLong onDisk;
    private final Runnable changed;

    private final ArrayDeque<Buffer> first = new ArrayDeque<>();
    private final ArrayDeque<Buffer> last = new ArrayDeque<>();
    private long firstBytes;
    private long lastBytes;
    private long readTo;
    private long writtenTo;
    private int writing;
    private long reserved;
    private boolean broken;
    private boolean closed;
    private @Nullable Future<AsyncFile> file;
    private @Nullable Promise<Buffer> waiting;

    /**
     * @param onDisk bytes that all backlogs have on disk together
     * @param changed run when there may be room again
     */
    Backlog(Vertx vertx, BufferSettings settings, AtomicLong onDisk, Runnable changed) {
        this.vertx = vertx;
        this.settings = settings;
        this.onDisk = onDisk;
        this.changed = changed;
    }

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
        if (nothingBeyondMemory() && firstBytes < settings.memoryBytes()) {
            return true;
        }
        return !broken && lastBytes + writing < MOST_UNWRITTEN && onDisk.get() < settings.diskBytes();
    }

    void add(Buffer bytes) {
        if (nothingBeyondMemory() && (firstBytes < settings.memoryBytes() || noDisk())) {
            first.add(bytes);
            firstBytes += bytes.length();
        } else {
            last.add(bytes);
            lastBytes += bytes.length();
            write();
        }
    }

    private boolean noDisk() {
        return broken || onDisk.get() >= settings.diskBytes();
    }

    /** The next piece; to be asked for one at a time, and only where there is one. */
    Future<Buffer> next() {
        Buffer piece = first.poll();
        if (piece != null) {
            firstBytes -= piece.length();
            return Future.succeededFuture(piece);
        }
        if (readTo < writtenTo && file != null) {
            return file.compose(this::read);
        }
        if (broken && writing == 0) {
            piece = last.remove();
            lastBytes -= piece.length();
            return Future.succeededFuture(piece);
        }
        Promise<Buffer> promise = Promise.promise();
        waiting = promise;
        return promise.future();
    }

    private Future<Buffer> read(AsyncFile from) {
        int length = (int) Math.min(PIECE, writtenTo - readTo);
        return from.read(Buffer.buffer(length), 0, readTo, length).map(piece -> {
            readTo += piece.length();
            if (readTo == writtenTo && writing == 0) {
                readTo = 0;
                writtenTo = 0;
                release(reserved);
            }
            return piece;
        });
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
                    LOG.warn("Answers are not held on disk: {}", written.cause().toString());
                }
            }
            serveWaiting();
            changed.run();
        });
    }

    private Future<AsyncFile> open() {
        if (file == null) {
            file = vertx.fileSystem()
                    .createTempFile(settings.directory().toString(), "answer-", ".part", "rw-------")
                    .compose(path -> vertx.fileSystem()
                            .open(path, new OpenOptions().setCreate(false).setDeleteOnClose(true)));
        }
        return file;
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
                LOG.warn("A file of a held answer stays: {}", unclosed.toString());
            }));
        }
    }
}
