package dev.sluice.control.publish;

import dev.sluice.model.wire.RevisionAnnounced;

/** Says over the event bus where a group is. Never waits and never throws: nobody depends on its being heard. */
@FunctionalInterface
public interface Announcer {
    void announce(RevisionAnnounced announcement);
}
