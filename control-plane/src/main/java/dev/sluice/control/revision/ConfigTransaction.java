package dev.sluice.control.revision;

import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A change in the making: what it stages is written when it succeeds. Belongs to one transaction and one context. */
public final class ConfigTransaction {
    private static final String LOCK =
            "SELECT group_id FROM group_head WHERE group_id = ANY($1) ORDER BY group_id FOR UPDATE";

    private final SqlConnection connection;
    private final Snapshots snapshots;
    private final Map<UUID, StagedGroup> groups = new LinkedHashMap<>();
    private final List<AuditChange> changes = new ArrayList<>();
    private boolean locked;
    private String summary = "change configuration";
    private @Nullable Long restoredFrom;

    ConfigTransaction(SqlConnection connection, Snapshots snapshots) {
        this.connection = connection;
        this.snapshots = snapshots;
    }

    /** The transaction's connection, for rows that lie outside revisions. */
    public SqlConnection connection() {
        return connection;
    }

    /**
     * Locks the heads of these groups, in order of their ids, until the transaction ends, and reads them. To be called
     * once, before anything is put or removed; fails with {@link NotFoundException} when there is no such group.
     */
    public Future<Void> lock(Collection<UUID> groupIds) {
        if (locked) {
            throw new IllegalStateException("Heads are locked at once, so that everybody does it in one order");
        }
        locked = true;
        List<UUID> ordered = List.copyOf(new TreeSet<>(groupIds));
        Future<?> done = connection.preparedQuery(LOCK).execute(Tuple.of(ordered.toArray(new UUID[0])));
        for (UUID groupId : ordered) {
            done = done.compose(before -> snapshots.refresh(connection, groupId))
                    .onSuccess(content -> groups.put(groupId, new StagedGroup(content)));
        }
        return done.mapEmpty();
    }

    /** A locked group's content as of the lock; what was staged since is not in it. */
    public Snapshot head(UUID groupId) {
        return group(groupId).base().snapshot();
    }

    /** Stages an entity to be created or replaced. */
    public void put(UUID groupId, Entity entity, EntityFacts facts) {
        group(groupId).put(entity, facts);
    }

    /** Stages an entity to be taken away; one that is not there does not matter. */
    public void remove(UUID groupId, EntityKey key) {
        group(groupId).remove(key);
    }

    /** Says in a few words what happens, such as {@code create route mockbin}, for the revision's row. */
    public void describe(String what) {
        summary = what;
    }

    /** Says for the audit trail what was changed outside of revisions; entities that are staged are added to it. */
    public void changed(AuditChange change) {
        changes.add(change);
    }

    List<AuditChange> changes() {
        return changes;
    }

    void restoresFrom(long revision) {
        restoredFrom = revision;
    }

    String summary() {
        return summary;
    }

    @Nullable
    Long restoredFrom() {
        return restoredFrom;
    }

    Collection<StagedGroup> groups() {
        return groups.values();
    }

    private StagedGroup group(UUID groupId) {
        StagedGroup group = groups.get(groupId);
        if (group == null) {
            throw new IllegalStateException("Runtime group " + groupId + " is not locked");
        }
        return group;
    }
}
