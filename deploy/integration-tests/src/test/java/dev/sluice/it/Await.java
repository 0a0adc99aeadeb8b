package dev.sluice.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions; the one place where a test lets time pass. */
final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private Await() {}

    /** @throws AssertionError when the condition does not come true in time */
    static void until(Duration atMost, String description, Callable<Boolean> condition) {
        long end = System.nanoTime() + atMost.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() >= end) {
                throw new AssertionError("Not within " + atMost.toMillis() + " ms: " + description, last);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /**
     * Checks that something stays so.
     *
     * @throws AssertionError as soon as it does not
     */
    static void holds(Duration during, String description, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + during.toNanos();
        while (System.nanoTime() < end) {
            if (!condition.call()) {
                throw new AssertionError("No longer so: " + description);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
