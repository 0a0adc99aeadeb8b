package dev.sluice.control.enrolment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who shows bad join tokens: after a few in a row an address waits a second, then twice as long each time, up
 * to a minute. Remembers the newest ten thousand addresses, each for ten minutes.
 */
final class BadTokens {
    private static final int FREE = 5;
    private static final int LONGEST_SECONDS = 60;
    private static final int MOST = 10_000;
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanos;
    private final Map<String, Failures> records = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST;
        }
    };

    /** @param at when the last one was shown */
    private record Failures(int number, long at) {
        private long waitNanos() {
            int doublings = Math.min(number - FREE, 30);
            return doublings < 0 ? 0 : TimeUnit.SECONDS.toNanos(Math.min(1L << doublings, LONGEST_SECONDS));
        }
    }

    BadTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @throws RefusedRuntimeException (429) while the address has to wait */
    synchronized void check(String address) {
        Failures record = live(address);
        if (record == null) {
            return;
        }
        long left = record.at + record.waitNanos() - nanos.getAsLong();
        if (left > 0) {
            throw RefusedRuntimeException.tooOften(
                    "Too many bad join tokens were shown from this address.",
                    Math.toIntExact(TimeUnit.NANOSECONDS.toSeconds(left) + 1));
        }
    }

    synchronized void shown(String address) {
        Failures before = live(address);
        records.remove(address); // so that it is among the newest again
        records.put(address, new Failures(before == null ? 1 : before.number + 1, nanos.getAsLong()));
    }

    synchronized void forget(String address) {
        records.remove(address);
    }

    private @Nullable Failures live(String address) {
        Failures record = records.get(address);
        return record == null || nanos.getAsLong() - record.at > REMEMBERED ? null : record;
    }
}
