package dev.sluice.runtime.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The control plane's clock as this runtime knows it: this machine's clock at the start of the process, carried on by
 * the monotonic one, corrected by what control planes answer. A step of this machine's wall clock does not move it. One
 * thread writes, any may read.
 */
public final class ControlPlaneClock {
    private final LongSupplier nanos;
    private volatile long offsetMillis;

    /**
     * @param wallMillis this machine's clock now, in epoch milliseconds
     * @param nanos the monotonic clock
     */
    public ControlPlaneClock(long wallMillis, LongSupplier nanos) {
        this.nanos = nanos;
        this.offsetMillis = wallMillis - millis(nanos.getAsLong());
    }

    /** Epoch milliseconds. */
    public long millis() {
        return offsetMillis + millis(nanos.getAsLong());
    }

    /** Minutes since the epoch. */
    public long minute() {
        return TimeUnit.MILLISECONDS.toMinutes(millis());
    }

    /**
     * A control plane told its time.
     *
     * @param theirMillis its clock, some time between the two moments
     * @param askedNanos the monotonic clock when it was asked
     * @param answeredNanos the monotonic clock when the answer came
     */
    public void correct(long theirMillis, long askedNanos, long answeredNanos) {
        long middle = askedNanos + (answeredNanos - askedNanos) / 2;
        offsetMillis = theirMillis - millis(middle);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
