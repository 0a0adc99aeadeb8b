package dev.sluice.runtime.admin;

/** The phase of the process. Advanced by the entry point alone, read by everybody. */
public final class Lifecycle {
    /** In this order and never back. */
    public enum Phase {
        /** No snapshot is served yet. */
        STARTING,
        /** A snapshot is compiled and served. */
        READY,
        /** An orderly stop has begun: not ready, still serving, connections are told to close. */
        DRAINING,
        /** Everything was answered. */
        STOPPED
    }

    private volatile Phase phase = Phase.STARTING;

    public Phase phase() {
        return phase;
    }

    public boolean ready() {
        return phase == Phase.READY;
    }

    public boolean draining() {
        return phase.compareTo(Phase.DRAINING) >= 0;
    }

    /** Advances; a phase that is already past is left as it is. */
    public synchronized void advanceTo(Phase next) {
        if (next.compareTo(phase) > 0) {
            phase = next;
        }
    }
}
