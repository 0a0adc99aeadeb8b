package dev.sluice.runtime.metrics;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The counts of every event loop that serves clients. Listeners register on their own event loops; the reporter takes
 * the counts over from all of them. What a loop handed over is never lost: when one answers too late for the drain that
 * asked it, the next drain has it.
 */
public final class LoopCountsRegistry {
    private static final long PATIENCE_MS = 500;

    private final MinuteClock clock;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final Queue<LoopCounts.Drained> handedOver = new ConcurrentLinkedQueue<>();

    public LoopCountsRegistry(MinuteClock clock) {
        this.clock = clock;
    }

    /**
     * The counts of one event loop; called once by each listener, on its own event loop, before it serves.
     *
     * @param loop the context on whose event loop alone the counts are written
     */
    public LoopCounts forThisLoop(Context loop) {
        LoopCounts counts = new LoopCounts(clock);
        loops.add(new Loop(loop, counts, new AtomicBoolean()));
        return counts;
    }

    /** The contexts of all event loops that serve clients, in the order of their registration. */
    public List<Context> contexts() {
        return loops.stream().map(Loop::context).toList();
    }

    /**
     * Takes the counts over from all event loops. Never fails: a loop that does not answer within half a second, or
     * has not yet handed over what an earlier drain asked for, only makes the drain incomplete.
     */
    public Future<Drain> drainAll() {
        List<Future<?>> answers = new ArrayList<>();
        for (Loop loop : loops) {
            answers.add(ask(loop));
        }
        Future<?> all = answers.isEmpty() ? Future.succeededFuture() : Future.join(answers);
        return all.map(true).otherwise(false).map(complete -> new Drain(collect(), complete));
    }

    private Future<Void> ask(Loop loop) {
        if (!loop.asked.compareAndSet(false, true)) {
            return Future.failedFuture("An earlier drain is still waiting for this event loop");
        }
        Promise<Void> answered = Promise.promise();
        try {
            loop.context.runOnContext(now -> {
                handOver(loop);
                answered.complete();
            });
        } catch (RejectedExecutionException e) {
            // The loop has ended, its last writes are visible: nobody else will touch the counts any more.
            handOver(loop);
            return Future.succeededFuture();
        }
        return answered.future().timeout(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private void handOver(Loop loop) {
        handedOver.addAll(loop.counts.drain());
        loop.asked.set(false);
    }

    private List<LoopCounts.Drained> collect() {
        List<LoopCounts.Drained> rows = new ArrayList<>();
        for (LoopCounts.Drained row = handedOver.poll(); row != null; row = handedOver.poll()) {
            rows.add(row);
        }
        return rows;
    }

    /**
     * @param complete whether every event loop handed over what it had when the drain began: only then is a minute that
     *     was over before closed
     */
    public record Drain(List<LoopCounts.Drained> rows, boolean complete) {}

    private record Loop(Context context, LoopCounts counts, AtomicBoolean asked) {}
}
