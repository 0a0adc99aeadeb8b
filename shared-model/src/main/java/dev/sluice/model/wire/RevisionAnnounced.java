package dev.sluice.model.wire;

import dev.sluice.model.snapshot.Revision;
import java.util.Objects;

/**
 * What control planes say over the event bus: a group is at this revision. A nudge, best effort: lost, late, doubled or
 * reordered ones cost a runtime at most one poll interval.
 *
 * @param group the group's name
 */
public record RevisionAnnounced(String group, long epoch, long revision) {
    public RevisionAnnounced {
        Objects.requireNonNull(group, "group is required");
    }

    /** Event-bus address on which control planes publish and runtimes listen. */
    public static final String ADDRESS = "sluice.revisions";

    public Revision at() {
        return new Revision(epoch, revision);
    }
}
