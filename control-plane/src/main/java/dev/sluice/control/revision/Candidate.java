package dev.sluice.control.revision;

import dev.sluice.control.revision.StagedGroup.StagedEntity;
import dev.sluice.model.snapshot.EntityKey;
import java.util.List;
import java.util.UUID;

/**
 * The next revision of a group, compiled and not yet written.
 *
 * @param written entities that begin with it
 * @param ended entities whose current row ends with it: replaced or taken away
 */
record Candidate(GroupContent base, GroupContent next, List<StagedEntity> written, List<EntityKey> ended) {
    UUID groupId() {
        return next.groupId();
    }

    long number() {
        return next.snapshot().revision().number();
    }
}
