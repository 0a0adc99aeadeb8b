package dev.sluice.control.revision;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.model.snapshot.Entity;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads entities as they are in the heads of their groups. */
public final class EntityStore {
    private static final String CURRENT = "SELECT e.group_id, g.name AS group_name, e.kind, e.id, e.version_id, e.name,"
            + " e.bytes, e.valid_from, e.created_at, e.updated_at"
            + " FROM config_entity e JOIN runtime_group g ON g.id = e.group_id WHERE e.valid_to IS NULL AND ";
    private static final String OLDEST_FIRST = " ORDER BY e.created_at, e.id";

    public Future<@Nullable StoredEntity> find(SqlClient client, String kind, UUID id) {
        return client.preparedQuery(CURRENT + "e.kind = $1 AND e.id = $2")
                .execute(Tuple.of(kind, id))
                .map(EntityStore::entities)
                .map(found -> found.isEmpty() ? null : found.get(0));
    }

    /** Those of one kind that are there, in no order. */
    public Future<List<StoredEntity>> find(SqlClient client, String kind, Collection<UUID> ids) {
        return client.preparedQuery(CURRENT + "e.id = ANY($1) AND e.kind = $2")
                .execute(Tuple.of(ids.toArray(new UUID[0]), kind))
                .map(EntityStore::entities);
    }

    /**
     * Finds by name, within a group or a version where one is given, and the groups that the caller sees.
     *
     * @return the entity or null; fails with {@link ConflictException} when several groups have one of this name
     */
    public Future<@Nullable StoredEntity> findByName(
            SqlClient client,
            Caller caller,
            String kind,
            @Nullable UUID groupId,
            @Nullable UUID versionId,
            String name) {
        String where = "e.kind = $1 AND e.name = $2 AND ($3::uuid IS NULL OR e.group_id = $3)"
                + " AND ($4::uuid IS NULL OR e.version_id = $4)"
                + " AND ($5::uuid[] IS NULL OR e.group_id = ANY($5))";
        return client.preparedQuery(CURRENT + where + OLDEST_FIRST + " LIMIT 2")
                .execute(Tuple.of(kind, name, groupId, versionId, caller.visibleGroups()))
                .map(EntityStore::entities)
                .map(found -> one(kind, name, found));
    }

    /** All of a version, or those of one kind, the oldest first. */
    public Future<List<StoredEntity>> ofVersion(SqlClient client, UUID versionId, @Nullable String kind) {
        return client.preparedQuery(CURRENT + "e.version_id = $1 AND ($2::text IS NULL OR e.kind = $2)" + OLDEST_FIRST)
                .execute(Tuple.of(versionId, kind))
                .map(EntityStore::entities);
    }

    /** All of one kind in these groups, the oldest first. */
    public Future<List<StoredEntity>> ofGroups(SqlClient client, Collection<UUID> groupIds, String kind) {
        return client.preparedQuery(CURRENT + "e.group_id = ANY($1) AND e.kind = $2" + OLDEST_FIRST)
                .execute(Tuple.of(groupIds.toArray(new UUID[0]), kind))
                .map(EntityStore::entities);
    }

    /** A page of the matching ones in the groups that the caller sees, the oldest first: {@link Page#limit()} of them at most, for {@link Page#answer}. */
    public Future<List<StoredEntity>> page(
            SqlClient client, Caller caller, String kind, EntityFilter filter, Page page) {
        Tuple values = Tuple.of(kind);
        StringBuilder sql = new StringBuilder(CURRENT).append("e.kind = $1");
        UUID[] visible = caller.visibleGroups();
        if (visible != null) {
            sql.append(" AND e.group_id = ANY($").append(next(values, visible)).append(')');
        }
        if (filter.versionId() != null) {
            sql.append(" AND e.version_id = $").append(next(values, filter.versionId()));
        }
        if (filter.groupId() != null) {
            sql.append(" AND e.group_id = $").append(next(values, filter.groupId()));
        }
        if (filter.name() != null) {
            sql.append(" AND e.name = $").append(next(values, filter.name()));
        }
        if (filter.nameBegins() != null) {
            sql.append(" AND starts_with(e.name, $")
                    .append(next(values, filter.nameBegins()))
                    .append(')');
        }
        if (!filter.tags().isEmpty()) {
            sql.append(" AND e.tags @> $").append(next(values, filter.tags().toArray(new String[0])));
        }
        String after = page.after();
        if (after != null) {
            Position position = Position.parse(after);
            sql.append(" AND (e.created_at, e.id) > ($")
                    .append(next(values, position.createdAt().atOffset(ZoneOffset.UTC)))
                    .append(", $")
                    .append(next(values, position.id()))
                    .append(')');
        }
        sql.append(OLDEST_FIRST).append(" LIMIT $").append(next(values, page.limit()));
        return client.preparedQuery(sql.toString()).execute(values).map(EntityStore::entities);
    }

    private static int next(Tuple values, Object value) {
        return values.addValue(value).size();
    }

    private static @Nullable StoredEntity one(String kind, String name, List<StoredEntity> found) {
        if (found.size() > 1) {
            throw new ConflictException("Several runtime groups have a " + kind + " '" + name + "': "
                    + found.get(0).groupName() + " and " + found.get(1).groupName() + " among them. Use its id.");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static List<StoredEntity> entities(RowSet<Row> rows) {
        List<StoredEntity> entities = new ArrayList<>(rows.size());
        for (Row row : rows) {
            entities.add(new StoredEntity(
                    row.getUUID("group_id"),
                    row.getString("group_name"),
                    Entity.of(
                            row.getString("kind"),
                            row.getUUID("id"),
                            row.getBuffer("bytes").getBytes()),
                    row.getUUID("version_id"),
                    row.getString("name"),
                    row.getLong("valid_from"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    row.getOffsetDateTime("updated_at").toInstant()));
        }
        return entities;
    }
}
