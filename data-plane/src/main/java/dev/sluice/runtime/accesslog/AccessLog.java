package dev.sluice.runtime.accesslog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records from any thread and writes them as lines from one of its own. At most {@link #MOST_WAITING} records wait;
 * further ones, and those that cannot be written, are dropped and counted. Nobody waits for it but {@link #close}.
 */
public final class AccessLog {
    /** A few megabytes of records. */
    static final int MOST_WAITING = 8_192;

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int BATCH = 512;
    private static final long LOOK_MS = 500;
    private static final long CLOSE_MS = 3_000;

    private final LogFile file;
    private final BlockingQueue<AccessRecord> waiting;
    private final LongAdder dropped = new LongAdder();
    private final Thread writer = new Thread(this::run, "access-log");
    private volatile boolean closing;
    private boolean failing;

    AccessLog(LogFile file, int mostWaiting) {
        this.file = file;
        this.waiting = new ArrayBlockingQueue<>(mostWaiting);
        writer.setDaemon(true);
    }

    /**
     * Opens it and starts its thread.
     *
     * @param where {@code stdout}, or the path of a file that is appended to
     * @throws IOException when that file cannot be opened
     */
    public static AccessLog open(String where) throws IOException {
        LogFile file = where.equals("stdout") ? LogFile.standardOutput() : LogFile.at(Path.of(where));
        return new AccessLog(file, MOST_WAITING).start();
    }

    AccessLog start() {
        writer.start();
        return this;
    }

    /** Never waits. */
    public void add(AccessRecord record) {
        if (closing || !waiting.offer(record)) {
            dropped.increment();
        }
    }

    /** Lines that were not written, so far. */
    public long dropped() {
        return dropped.sum();
    }

    /** Writes what waits, for three seconds at most, and ends. */
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<AccessRecord> batch = new ArrayList<>(BATCH);
        long nextLook = System.nanoTime();
        try {
            while (!closing || !waiting.isEmpty()) {
                AccessRecord first = waiting.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                boolean look = System.nanoTime() - nextLook >= 0;
                if (look) {
                    nextLook = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
                }
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    write(batch, look);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; then it ends
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("The access log was not closed: {}", e.toString());
        }
    }

    private void write(List<AccessRecord> batch, boolean look) {
        try {
            if (look) {
                file.followRotation();
            }
            for (AccessRecord record : batch) {
                file.write(AccessLine.of(record).getBytes(StandardCharsets.US_ASCII));
            }
            file.flush();
            failing = false;
        } catch (IOException | RuntimeException e) { // the thread must go on, whatever a line has in it
            dropped.add(batch.size());
            if (!failing) {
                failing = true;
                LOG.warn("The access log cannot be written, lines are dropped: {}", e.toString());
            }
        }
    }
}
