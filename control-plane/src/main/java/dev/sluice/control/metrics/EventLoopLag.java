package dev.sluice.control.metrics;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Measures how late an event loop's timers come: what everything on that loop waits for. */
public final class EventLoopLag {
    private static final long PERIOD_MS = 500;

    private final Vertx vertx;
    private final ControlPlaneMeters meters;
    private long timer = -1;
    private long last;

    private EventLoopLag(Vertx vertx, ControlPlaneMeters meters) {
        this.vertx = vertx;
        this.meters = meters;
    }

    /** Measures on the context of the caller, or on a new one. */
    public static EventLoopLag start(Vertx vertx, ControlPlaneMeters meters) {
        EventLoopLag lag = new EventLoopLag(vertx, meters);
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(v -> {
            lag.last = System.nanoTime();
            lag.timer = vertx.setPeriodic(PERIOD_MS, id -> lag.measure());
        });
        return lag;
    }

    private void measure() {
        long now = System.nanoTime();
        Duration late = Duration.ofNanos(now - last).minusMillis(PERIOD_MS);
        meters.eventLoopLate(late.isNegative() ? Duration.ZERO : late);
        last = now;
    }

    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }
}
