package dev.sluice.runtime.sync;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Growing pauses between attempts that fail, jittered so that a fleet does not come back all at once. */
final class Backoff {
    private final Duration least;
    private final Duration most;
    private int failures;

    Backoff(Duration least, Duration most) {
        this.least = least;
        this.most = most;
    }

    /** The pause after one more failure: up to double the one before, half of it at random. */
    long nextMillis() {
        long ceiling = Math.min(most.toMillis(), least.toMillis() << Math.min(failures, 20));
        failures++;
        return ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1);
    }

    void reset() {
        failures = 0;
    }

    boolean active() {
        return failures > 0;
    }
}
