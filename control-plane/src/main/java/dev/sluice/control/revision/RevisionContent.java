package dev.sluice.control.revision;

import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Snapshot;
import java.util.Map;

/**
 * What a group was at a revision.
 *
 * @param facts of each entity of the snapshot
 */
record RevisionContent(Snapshot snapshot, Map<EntityKey, EntityFacts> facts) {}
