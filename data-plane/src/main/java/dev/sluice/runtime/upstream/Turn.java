package dev.sluice.runtime.upstream;

import dev.sluice.runtime.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's turn at a destination: who gave it hears how the attempt goes, on the event loop and in this order. It may
 * end at any point, and ends once.
 */
public interface Turn {
    Destination destination();

    /**
     * There is a connection.
     *
     * @param reused whether an earlier request went over it
     */
    default void connected(boolean reused) {}

    /** The header section of an answer is there. */
    default void answered(int status) {}

    /** @param failure null when the attempt had its whole answer, or when nobody wants it any more */
    default void ended(@Nullable Failure failure) {}

    /** At a destination that nobody keeps account of. */
    static Turn at(Destination destination) {
        return () -> destination;
    }
}
