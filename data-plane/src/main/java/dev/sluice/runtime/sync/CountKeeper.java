package dev.sluice.runtime.sync;

import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.metrics.CountLedger;
import dev.sluice.runtime.metrics.CountLedger.Batch;
import dev.sluice.runtime.metrics.CountSpool;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.MinuteClock;
import dev.sluice.runtime.metrics.Traffic;
import dev.sluice.runtime.sync.ControlPlaneClient.Encoded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/**
 * Gives ledger and spool a thread of their own, one for both, so that merging, encoding and writing hold up nobody; and
 * turns the clock by which event loops count.
 */
public final class CountKeeper {
    private static final int ROWS_A_REPORT = 10_000;
    private static final int BYTES_A_REPORT = RuntimeApi.MAX_REPORT_BYTES / 4 * 3;
    private static final int GZIP_FROM_BYTES = 1024;

    private final WorkerExecutor worker;
    private final LoopCountsRegistry loops;
    private final CountLedger ledger;
    private final CountSpool spool;
    private final Traffic traffic;
    private final MinuteClock minuteClock;
    private final ControlPlaneClock clock;
    private volatile int unacknowledgedRows;
    private volatile boolean full;

    CountKeeper(Vertx vertx, CountParts parts, ControlPlaneClock clock) {
        this.worker = vertx.createSharedWorkerExecutor("sluice-counts", 1);
        this.loops = parts.loops();
        this.ledger = parts.ledger();
        this.spool = parts.spool();
        this.traffic = parts.traffic();
        this.minuteClock = parts.minuteClock();
        this.clock = clock;
    }

    /** Takes over what earlier boots of this runtime left on disk. */
    Future<Void> loadSpool() {
        return run(() -> spool.load(ledger));
    }

    /** Turns the clock and takes over what the event loops counted. */
    Future<Void> collect() {
        if (!full) {
            minuteClock.turnTo(clock.minute());
        }
        long firstOpen = minuteClock.minute();
        return loops.drainAll()
                .compose(drain -> run(() -> {
                    traffic.add(drain.rows());
                    ledger.add(drain.rows());
                    if (drain.complete()) {
                        ledger.closeBefore(firstOpen);
                    }
                }));
    }

    Future<Batch> batch() {
        return worker.executeBlocking(() -> ledger.batch(ROWS_A_REPORT, BYTES_A_REPORT));
    }

    Future<Void> acknowledge(Batch batch) {
        return run(() -> {
            ledger.acknowledge(batch);
            spool.forget(ledger);
        });
    }

    Future<Void> spool() {
        return run(() -> spool.write(ledger, false));
    }

    /** As {@link #spool}, to outlive the loss of power too. */
    Future<Void> spoolFirmly() {
        return run(() -> spool.write(ledger, true));
    }

    Future<Encoded> encode(Report report) {
        return worker.executeBlocking(() -> {
            byte[] plain = WireJson.bytes(report);
            return plain.length > GZIP_FROM_BYTES
                    ? new Encoded(Buffer.buffer(gzip(plain)), true)
                    : new Encoded(Buffer.buffer(plain), false);
        });
    }

    int unacknowledgedRows() {
        return unacknowledgedRows;
    }

    private Future<Void> run(Step step) {
        return worker.executeBlocking(() -> {
            step.run();
            unacknowledgedRows = ledger.unacknowledgedRows();
            full = ledger.full();
            return null;
        });
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** What it keeps together. */
    public record CountParts(
            LoopCountsRegistry loops, CountLedger ledger, CountSpool spool, Traffic traffic, MinuteClock minuteClock) {}
}
