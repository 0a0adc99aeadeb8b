package dev.sluice.runtime.balance;

import java.util.concurrent.TimeUnit;

/**
 * How much of what goes to one implementation may be repeated, on one event loop: a fifth of its requests over the last
 * ten seconds, and never less than {@link #FLOOR}, without which few requests would get no repetition. So an upstream that is down gets no multiple of its load. Belongs to
 * its event loop.
 */
public final class RetryBudget {
    /** In ten seconds, whatever the load. */
    static final int FLOOR = 10;

    private static final double SHARE = 0.2;
    private static final int SECONDS = 10;

    private final int[] requests = new int[SECONDS];
    private final int[] retries = new int[SECONDS];
    private long second = Long.MIN_VALUE;
    private long allRequests;
    private long allRetries;

    /** Counts a request's first attempt. */
    public void requested(long nowNanos) {
        advance(nowNanos);
        requests[index()]++;
        allRequests++;
    }

    /** Takes one repetition out, if there is one left. */
    public boolean take(long nowNanos) {
        advance(nowNanos);
        if (allRetries >= Math.max(FLOOR, (long) (SHARE * allRequests))) {
            return false;
        }
        retries[index()]++;
        allRetries++;
        return true;
    }

    private int index() {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    private void advance(long nowNanos) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nowNanos);
        if (now == second) {
            return;
        }
        long first = second == Long.MIN_VALUE ? now : Math.max(second + 1, now - SECONDS + 1);
        for (second = first; second <= now; second++) {
            allRequests -= requests[index()];
            allRetries -= retries[index()];
            requests[index()] = 0;
            retries[index()] = 0;
        }
        second = now;
    }
}
