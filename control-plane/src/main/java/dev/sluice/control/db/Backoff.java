package dev.sluice.control.db;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before another try: doubling from 50 ms, and jittered so that many do not come at once. */
final class Backoff {
    private static final long FIRST = 50;

    private Backoff() {}

    /**
     * @param failures tries that have failed so far
     * @param cap milliseconds at most
     * @return milliseconds, between half of the doubled time and all of it
     */
    static long millis(int failures, long cap) {
        long full = Math.min(cap, FIRST << Math.min(failures, 20));
        return ThreadLocalRandom.current().nextLong(full / 2, full + 1);
    }
}
