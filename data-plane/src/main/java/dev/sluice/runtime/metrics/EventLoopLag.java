package dev.sluice.runtime.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** How long a task waits before a proxy's event loop runs it: sampled on every loop, never twice at once on one. */
public final class EventLoopLag {
    private static final long SAMPLE_EVERY_MS = 100;

    private final LoopCountsRegistry loops;
    private final MeterRegistry registry;
    private final Set<Context> waiting = ConcurrentHashMap.newKeySet();

    public EventLoopLag(LoopCountsRegistry loops, MeterRegistry registry) {
        this.loops = loops;
        this.registry = registry;
    }

    /** Samples until that Vert.x instance is closed. */
    public void start(Vertx vertx) {
        vertx.setPeriodic(SAMPLE_EVERY_MS, id -> sampleAll());
    }

    private void sampleAll() {
        List<Context> contexts = loops.contexts();
        for (int i = 0; i < contexts.size(); i++) {
            if (waiting.add(contexts.get(i))) {
                sample(contexts.get(i), timer(i));
            }
        }
    }

    private void sample(Context loop, Timer timer) {
        long asked = System.nanoTime();
        try {
            loop.runOnContext(now -> {
                timer.record(System.nanoTime() - asked, TimeUnit.NANOSECONDS);
                waiting.remove(loop);
            });
        } catch (RejectedExecutionException e) {
            waiting.remove(loop); // the loop has ended
        }
    }

    private Timer timer(int loop) {
        return Timer.builder("sluice.event.loop.lag")
                .description("How long tasks wait before an event loop of the proxy runs them")
                .tag("loop", String.valueOf(loop))
                .register(registry);
    }
}
