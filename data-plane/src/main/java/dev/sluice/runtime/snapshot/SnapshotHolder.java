package dev.sluice.runtime.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * The one reference to what is served. A request reads it once, at its beginning, and stays with what it read. The
 * control loop alone writes it.
 */
public final class SnapshotHolder {
    private volatile @Nullable CompiledSnapshot current;

    /** Null until the first snapshot is in place. */
    public @Nullable CompiledSnapshot current() {
        return current;
    }

    /** From now on, every new request on every event loop is served by {@code next}. */
    public void swap(CompiledSnapshot next) {
        current = next;
    }
}
