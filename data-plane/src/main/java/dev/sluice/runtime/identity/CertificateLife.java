package dev.sluice.runtime.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** From when to when a certificate is valid, and what that means for its renewal. */
public record CertificateLife(Instant notBefore, Instant notAfter) {
    private static final int JITTER_PARTS = 20;

    public Duration length() {
        return Duration.between(notBefore, notAfter);
    }

    /** When to renew: after two thirds, or a little earlier, so that a fleet that was started at once does not come at once. */
    public Instant renewal() {
        long third = length().toMillis() / 3;
        long jitter = ThreadLocalRandom.current().nextLong(length().toMillis() / JITTER_PARTS + 1);
        return notAfter.minusMillis(third + jitter);
    }

    public boolean isOver(Instant now) {
        return !now.isBefore(notAfter);
    }
}
