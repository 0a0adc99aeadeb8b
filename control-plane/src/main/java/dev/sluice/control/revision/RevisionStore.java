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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the history of groups. */
final class RevisionStore {
    private static final String ONE = "SELECT " + RevisionRow.COLUMNS + " FROM revision WHERE group_id = $1";
    private static final String CONTENT =
            "SELECT g.name AS group_name, r.number, r.epoch, r.digest, e.kind, e.id, e.bytes,"
                    + " e.version_id, e.name, e.tags, e.created_at"
                    + " FROM revision r JOIN runtime_group g ON g.id = r.group_id"
                    + " LEFT JOIN config_entity e ON e.group_id = r.group_id AND e.valid_from <= r.number"
                    + " AND (e.valid_to IS NULL OR e.valid_to > r.number) WHERE r.group_id = $1 AND r.number = $2";
    private static final String VERSION_IDS = "SELECT DISTINCT version_id FROM config_entity WHERE group_id = $1"
            + " AND version_id IS NOT NULL AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)";
    private static final String CHANGES = "SELECT kind, id, bytes, valid_from = $2 AS is_after FROM config_entity"
            + " WHERE group_id = $1 AND valid_from = $2 UNION ALL "
            + "SELECT kind, id, bytes, false FROM config_entity WHERE group_id = $1 AND valid_to = $2";
    private static final String KEPT = "SELECT g.name AS group_name, min(r.number) AS oldest, max(r.number) AS newest"
            + " FROM runtime_group g LEFT JOIN revision r ON r.group_id = g.id WHERE g.id = $1 GROUP BY g.name";

    private final Vertx vertx;

    RevisionStore(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The newest first. */
    Future<List<RevisionRow>> page(SqlClient client, UUID groupId, @Nullable Long before, int limit) {
        return client.preparedQuery(ONE + " AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3")
                .execute(Tuple.of(groupId, before, limit))
                .map(rows -> {
                    List<RevisionRow> revisions = new ArrayList<>(rows.size());
                    rows.forEach(row -> revisions.add(RevisionRow.of(row)));
                    return revisions;
                });
    }

    /** Fails with {@link NotFoundException} that says which there are. */
    Future<RevisionRow> find(SqlClient client, UUID groupId, long number) {
        return client.preparedQuery(ONE + " AND number = $2")
                .execute(Tuple.of(groupId, number))
                .compose(rows -> rows.size() == 0
                        ? missing(client, groupId, number)
                        : Future.succeededFuture(RevisionRow.of(rows.iterator().next())));
    }

    /** What a revision changed, in order of the keys. */
    Future<List<EntityChange>> changes(SqlClient client, UUID groupId, long number) {
        return client.preparedQuery(CHANGES)
                .execute(Tuple.of(groupId, number))
                .compose(rows -> vertx.executeBlocking(() -> changes(rows), false));
    }

    /**
     * What a group was at a revision. Revision 0, in which there is nothing, exists as long as revision 1 does.
     *
     * @return fails with {@link NotFoundException} that says which there are
     */
    Future<RevisionContent> content(SqlClient client, UUID groupId, long number) {
        return client.preparedQuery(CONTENT)
                .execute(Tuple.of(groupId, number))
                .compose(rows -> rows.size() == 0
                        ? nothingAt(client, groupId, number)
                        : vertx.executeBlocking(() -> content(rows), false));
    }

    private static Future<RevisionContent> nothingAt(SqlClient client, UUID groupId, long number) {
        return kept(client, groupId).map(kept -> {
            if (number != 0 || kept.oldest() > 1) {
                throw kept.lacks(number);
            }
            return new RevisionContent(Snapshot.empty(kept.group()), Map.of());
        });
    }

    /** The versions that a revision has entities of; nothing is locked, so that rows can be locked in their order. */
    Future<Set<UUID>> versionIds(SqlClient client, UUID groupId, long number) {
        return client.preparedQuery(VERSION_IDS)
                .execute(Tuple.of(groupId, number))
                .map(rows -> {
                    Set<UUID> ids = new HashSet<>();
                    rows.forEach(row -> ids.add(row.getUUID("version_id")));
                    return ids;
                });
    }

    private static <T> Future<T> missing(SqlClient client, UUID groupId, long number) {
        return kept(client, groupId).map(kept -> {
            throw kept.lacks(number);
        });
    }

    private static Future<Kept> kept(SqlClient client, UUID groupId) {
        return client.preparedQuery(KEPT).execute(Tuple.of(groupId)).map(rows -> {
            if (rows.size() == 0) {
                throw new NotFoundException("There is no runtime group " + groupId + ".");
            }
            Row row = rows.iterator().next();
            Long oldest = row.getLong("oldest");
            Long newest = row.getLong("newest");
            return new Kept(row.getString("group_name"), oldest == null ? 0 : oldest, newest == null ? 0 : newest);
        });
    }

    private static RevisionContent content(RowSet<Row> rows) {
        List<Entity> entities = new ArrayList<>(rows.size());
        Map<EntityKey, EntityFacts> facts = new HashMap<>();
        for (Row row : rows) {
            if (row.getString("kind") != null) {
                Entity entity = entity(row);
                entities.add(entity);
                facts.put(
                        entity.key(),
                        new EntityFacts(
                                row.getUUID("version_id"),
                                row.getString("name"),
                                List.of(row.getArrayOfStrings("tags")),
                                row.getOffsetDateTime("created_at").toInstant()));
            }
        }
        Row first = rows.iterator().next();
        Revision revision = new Revision(first.getLong("epoch"), first.getLong("number"));
        Snapshot snapshot = Snapshot.of(first.getString("group_name"), revision, entities);
        HeadReader.requireDigest(snapshot, first.getString("digest"));
        return new RevisionContent(snapshot, facts);
    }

    private static List<EntityChange> changes(RowSet<Row> rows) {
        Map<EntityKey, EntityChange> changes = new TreeMap<>();
        for (Row row : rows) {
            Entity entity = entity(row);
            EntityChange half = row.getBoolean("is_after")
                    ? new EntityChange(entity.key(), null, entity)
                    : new EntityChange(entity.key(), entity, null);
            changes.merge(
                    entity.key(),
                    half,
                    (one, other) -> new EntityChange(
                            one.key(),
                            one.before() == null ? other.before() : one.before(),
                            one.after() == null ? other.after() : one.after()));
        }
        return List.copyOf(changes.values());
    }

    private static Entity entity(Row row) {
        return Entity.of(
                row.getString("kind"), row.getUUID("id"), row.getBuffer("bytes").getBytes());
    }

    /** The numbers of the revisions that were not pruned; 0 and 0 for none. */
    private record Kept(String group, long oldest, long newest) {
        NotFoundException lacks(long number) {
            return new NotFoundException("Runtime group '" + group + "' has no revision " + number + "; "
                    + (newest == 0
                            ? "nothing was ever declared in it."
                            : "kept are " + oldest + " to " + newest + "."));
        }
    }
}
