package dev.sluice.control.revision;

import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Collection;
import java.util.UUID;

/** A change in the making: what it stages is written when it succeeds. Belongs to one transaction and one context. */
public final class ConfigTransaction {
    ConfigTransaction() {}

    /** The transaction's connection, for rows that lie outside revisions. */
    public SqlConnection connection() {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Locks the heads of these groups, in order of their ids, until the transaction ends, and reads them. To be called
     * once, before anything is put or removed; fails with a NotFoundException when there is no such group.
     */
    public Future<Void> lock(Collection<UUID> groupIds) {
        throw new UnsupportedOperationException("to come");
    }

    /** A locked group's content as of the lock; what was staged since is not in it. */
    public Snapshot head(UUID groupId) {
        throw new UnsupportedOperationException("to come");
    }

    /** Stages an entity to be created or replaced. */
    public void put(UUID groupId, Entity entity, EntityFacts facts) {
        throw new UnsupportedOperationException("to come");
    }

    /** Stages an entity to be taken away; one that is not there does not matter. */
    public void remove(UUID groupId, EntityKey key) {
        throw new UnsupportedOperationException("to come");
    }

    /** Says in a few words what happens, such as {@code create route mockbin}, for the revision's row. */
    public void describe(String summary) {
        throw new UnsupportedOperationException("to come");
    }
}
