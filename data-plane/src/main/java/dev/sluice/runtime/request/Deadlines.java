package dev.sluice.runtime.request;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop. Progress only notes the time; a tick looks at all armed ones. So a chunk costs no
 * timer, and a deadline passes up to one tick late. Owned by its event loop.
 */
final class Deadlines {
    private @Nullable Deadline first;

    Deadlines(Vertx vertx, long tickMillis) {
        vertx.setPeriodic(tickMillis, id -> tick(System.nanoTime()));
    }

    /** @param passed what happens when nothing moved for the time that it was armed with; it is disarmed then */
    Deadline create(Runnable passed) {
        return new Deadline(this, passed);
    }

    private void tick(long now) {
        List<Deadline> expired = List.of();
        for (Deadline deadline = first; deadline != null; deadline = deadline.next) {
            if (deadline.expired(now)) {
                if (expired.isEmpty()) {
                    expired = new ArrayList<>();
                }
                expired.add(deadline);
            }
        }
        for (Deadline deadline : expired) {
            // What ran before may have disarmed it, or armed it anew.
            if (deadline.armed && deadline.expired(now)) {
                deadline.disarm();
                deadline.passed.run();
            }
        }
    }

    /** A time limit that starts anew with each progress. */
    static final class Deadline {
        private final Deadlines all;
        private final Runnable passed;
        private long limitNanos;
        private long movedNanos;
        private boolean armed;
        private @Nullable Deadline previous;
        private @Nullable Deadline next;

        private Deadline(Deadlines all, Runnable passed) {
            this.all = all;
            this.passed = passed;
        }

        /** Starts, or starts anew with another limit. */
        void arm(long millis) {
            limitNanos = millis * 1_000_000;
            movedNanos = System.nanoTime();
            if (!armed) {
                armed = true;
                previous = null;
                next = all.first;
                if (next != null) {
                    next.previous = this;
                }
                all.first = this;
            }
        }

        private boolean expired(long now) {
            return now - movedNanos >= limitNanos;
        }

        /** Notes progress. */
        void touch() {
            movedNanos = System.nanoTime();
        }

        void disarm() {
            if (!armed) {
                return;
            }
            armed = false;
            if (previous == null) {
                all.first = next;
            } else {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
            previous = null;
            next = null;
        }
    }
}
