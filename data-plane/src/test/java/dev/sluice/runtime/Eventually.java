package dev.sluice.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts what becomes true in a while: tries again until it holds or the time is over. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Eventually() {}

    public static void eventually(ThrowingCallable assertion) {
        eventually(PATIENCE, assertion);
    }

    public static void eventually(Duration patience, ThrowingCallable assertion) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                assertion.call();
                return;
            } catch (Throwable notYet) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("Not within " + patience + ": " + notYet.getMessage(), notYet);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
