package dev.sluice.control.revision;

import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a group's head: whole, or only what has changed since content that is known. Each is one statement, so that
 * head row and entities are of one moment.
 */
final class HeadReader {
    private static final String HEAD = "SELECT g.name AS group_name, h.epoch, h.revision, h.digest, e.kind, e.id,"
            + " e.bytes, e.valid_to IS NULL AS is_current FROM group_head h JOIN runtime_group g ON g.id = h.group_id";
    private static final String WHOLE =
            HEAD + " LEFT JOIN config_entity e ON e.group_id = h.group_id AND e.valid_to IS NULL WHERE h.group_id = $1";

    /** A row that began and ended since tells nothing: the row before it ended, or the row after it is current. */
    private static final String SINCE = HEAD + " LEFT JOIN LATERAL ("
            + "SELECT kind, id, bytes, valid_to FROM config_entity"
            + " WHERE group_id = h.group_id AND valid_from > $2 AND valid_to IS NULL UNION ALL "
            + "SELECT kind, id, NULL::bytea, valid_to FROM config_entity"
            + " WHERE group_id = h.group_id AND valid_to > $2 AND valid_from <= $2) e ON true WHERE h.group_id = $1";

    private final Vertx vertx;

    HeadReader(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * The content of the head; {@code known} itself when it still is that.
     *
     * @return fails with {@link NotFoundException} when the group is not there
     */
    Future<GroupContent> read(SqlClient client, UUID groupId, @Nullable GroupContent known) {
        if (known == null) {
            return readWhole(client, groupId);
        }
        return client.preparedQuery(SINCE)
                .execute(Tuple.of(groupId, known.snapshot().revision().number()))
                .compose(rows -> follow(client, known, rows));
    }

    private Future<GroupContent> follow(SqlClient client, GroupContent known, RowSet<Row> rows) {
        HeadRow head = HeadRow.of(known.groupId(), rows);
        if (head.isOf(known.snapshot())) {
            return Future.succeededFuture(known);
        }
        Revision from = known.snapshot().revision();
        if (head.revision().epoch() != from.epoch() || head.revision().number() < from.number()) {
            return readWhole(client, known.groupId());
        }
        return vertx.executeBlocking(() -> advance(known.snapshot(), head, rows), false)
                .compose(snapshot -> snapshot.digest().hex().equals(head.digest())
                        ? Future.succeededFuture(new GroupContent(known.groupId(), snapshot, null))
                        : readWhole(client, known.groupId()));
    }

    private Future<GroupContent> readWhole(SqlClient client, UUID groupId) {
        return client.preparedQuery(WHOLE).execute(Tuple.of(groupId)).compose(rows -> {
            HeadRow head = HeadRow.of(groupId, rows);
            return vertx.executeBlocking(() -> whole(head, rows), false)
                    .map(snapshot -> new GroupContent(groupId, snapshot, null));
        });
    }

    private static Snapshot advance(Snapshot known, HeadRow head, RowSet<Row> rows) {
        List<EntityKey> removed = new ArrayList<>();
        List<Entity> put = new ArrayList<>();
        for (Row row : rows) {
            if (row.getString("kind") == null) {
                continue;
            }
            if (row.getBoolean("is_current")) {
                put.add(entity(row));
            } else {
                removed.add(new EntityKey(row.getString("kind"), row.getUUID("id")));
            }
        }
        if (!head.group().equals(known.group())) {
            Snapshot renamed = Snapshot.of(head.group(), head.revision(), known.entities());
            return renamed.with(head.revision(), put, removed);
        }
        return known.with(head.revision(), put, removed);
    }

    private static Snapshot whole(HeadRow head, RowSet<Row> rows) {
        List<Entity> entities = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (row.getString("kind") != null) {
                entities.add(entity(row));
            }
        }
        Snapshot snapshot = Snapshot.of(head.group(), head.revision(), entities);
        requireDigest(snapshot, head.digest());
        return snapshot;
    }

    /** What was read is what was once written, or the database was changed by hand. */
    static void requireDigest(Snapshot snapshot, String digest) {
        if (!snapshot.digest().hex().equals(digest)) {
            throw new IllegalStateException("The entities of runtime group " + snapshot.group() + " at revision "
                    + snapshot.revision() + " are not those that its digest was made of");
        }
    }

    private static Entity entity(Row row) {
        return Entity.of(
                row.getString("kind"), row.getUUID("id"), row.getBuffer("bytes").getBytes());
    }

    private record HeadRow(String group, Revision revision, String digest) {
        static HeadRow of(UUID groupId, RowSet<Row> rows) {
            if (rows.size() == 0) {
                throw new NotFoundException("There is no runtime group " + groupId + ".");
            }
            Row first = rows.iterator().next();
            return new HeadRow(
                    first.getString("group_name"),
                    new Revision(first.getLong("epoch"), first.getLong("revision")),
                    first.getString("digest"));
        }

        boolean isOf(Snapshot snapshot) {
            return group.equals(snapshot.group())
                    && revision.equals(snapshot.revision())
                    && digest.equals(snapshot.digest().hex());
        }
    }
}
