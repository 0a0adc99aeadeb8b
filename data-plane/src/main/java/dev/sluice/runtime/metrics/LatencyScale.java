package dev.sluice.runtime.metrics;

import java.util.concurrent.TimeUnit;

/** Bounds of the latency records, the same in every process so that they merge. */
public final class LatencyScale {
    /** Latencies above are recorded as this: one hour, in microseconds. */
    public static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);

    /** Significant decimal digits kept. */
    public static final int DIGITS = 2;

    private LatencyScale() {}
}
