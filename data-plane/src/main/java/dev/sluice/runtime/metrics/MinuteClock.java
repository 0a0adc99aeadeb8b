package dev.sluice.runtime.metrics;

/**
 * The minute that counts belong to, by the control plane's clock, never going back within a boot. The reporter alone
 * turns it on; event loops read it with every request. Held still while too many rows wait to be acknowledged: then
 * counts stay exact and memory bounded, at the cost of their minute.
 */
public final class MinuteClock {
    private volatile long minute;

    public MinuteClock(long startMinute) {
        this.minute = startMinute;
    }

    /** Minutes since the epoch. */
    public long minute() {
        return minute;
    }

    /** Turns the clock on to this minute; an earlier one than the present changes nothing. One thread calls this. */
    public void turnTo(long next) {
        if (next > minute) {
            minute = next;
        }
    }
}
