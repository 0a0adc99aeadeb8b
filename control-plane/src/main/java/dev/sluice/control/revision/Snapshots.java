package dev.sluice.control.revision;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;

/** Snapshots of groups: the heads are kept in memory and brought up to date by what has changed since. */
public final class Snapshots {
    public Snapshots(Vertx vertx, Database database) {}

    /** The head of a group; fails with {@link NotFoundException}. */
    public Future<Snapshot> head(UUID groupId) {
        throw new UnsupportedOperationException("to come");
    }

    /** The head of the group of this name; fails with {@link NotFoundException}. */
    public Future<Snapshot> head(String groupName) {
        throw new UnsupportedOperationException("to come");
    }

    /** What a group was at a revision; fails with {@link NotFoundException}, also when that was pruned. */
    public Future<Snapshot> at(UUID groupId, long revision) {
        throw new UnsupportedOperationException("to come");
    }
}
