package dev.sluice.control.group;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.group.RuntimeGroup.GroupFields;
import dev.sluice.control.group.RuntimeGroup.GroupHead;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of runtime groups. */
public final class GroupStore {
    private static final String GROUPS = "SELECT g.id, g.name, g.description, g.labels, g.proxy_url, g.created_at,"
            + " g.updated_at, h.epoch, h.revision, h.digest, h.changed_at"
            + " FROM runtime_group g JOIN group_head h ON h.group_id = g.id";
    private static final String INSERT =
            "INSERT INTO runtime_group (id, name, description, labels, proxy_url)" + " VALUES ($1, $2, $3, $4, $5)";
    /** At revision 0 of an epoch that no group of this name ever had: the column's default is the time. */
    private static final String INSERT_HEAD = "INSERT INTO group_head (group_id, digest) VALUES ($1, $2)";

    private static final String UPDATE = "UPDATE runtime_group SET name = $2, description = $3, labels = $4,"
            + " proxy_url = $5, updated_at = now(), row_version = row_version + 1 WHERE id = $1";
    private static final String VERSIONS = "SELECT format('%s of service %s', v.name, s.name) FROM service_version v"
            + " JOIN service s ON s.id = v.service_id WHERE v.group_id = $1 AND v.deleted_at IS NULL"
            + " ORDER BY s.name, v.name";
    private static final String BELONGINGS = "SELECT format('%s %s', replace(kind, '_', ' '), coalesce(name, id::text))"
            + " FROM config_entity WHERE group_id = $1 AND valid_to IS NULL"
            + " AND kind IN ('certificate', 'ca_certificate', 'sni', 'upstream') ORDER BY kind, created_at";

    /**
     * Finds by id, or by name: a name never has the form of an id. Fails with {@link NotFoundException}, also where the
     * caller does not see the group, and is forbidden where he has not his operation's role in it.
     */
    public Future<RuntimeGroup> get(SqlClient client, Caller caller, String idOrName) {
        return find(client, caller, idOrName, "").map(group -> {
            if (group == null) {
                throw new NotFoundException("There is no runtime group '" + idOrName + "'.");
            }
            return group;
        });
    }

    /** As {@link #get}, but null for none; nobody else changes it, or gives it a version, before the transaction ends. */
    Future<@Nullable RuntimeGroup> findAndLock(SqlConnection connection, Caller caller, String idOrName) {
        return find(connection, caller, idOrName, " FOR UPDATE OF g");
    }

    Future<List<RuntimeGroup>> page(SqlClient client, Caller caller, @Nullable String name, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return client.preparedQuery(GROUPS + " WHERE ($1::text IS NULL OR g.name = $1)"
                        + " AND ($2::timestamptz IS NULL OR (g.created_at, g.id) > ($2, $3))"
                        + " AND ($5::uuid[] IS NULL OR g.id = ANY($5))"
                        + " ORDER BY g.created_at, g.id LIMIT $4")
                .execute(Tuple.of(
                        name,
                        position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC),
                        position == null ? null : position.id(),
                        page.limit(),
                        caller.visibleGroups()))
                .map(GroupStore::groups);
    }

    /** With an empty configuration. */
    Future<Void> insert(SqlConnection connection, UUID id, GroupFields fields) {
        return connection
                .preparedQuery(INSERT)
                .execute(values(id, fields))
                .compose(made -> connection
                        .preparedQuery(INSERT_HEAD)
                        .execute(Tuple.of(
                                id, Snapshot.empty(fields.name()).digest().hex())))
                .mapEmpty();
    }

    Future<Void> update(SqlConnection connection, UUID id, GroupFields fields) {
        return connection.preparedQuery(UPDATE).execute(values(id, fields)).mapEmpty();
    }

    /** With its history; versions that were deleted in it are left without a group. */
    Future<Void> delete(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("DELETE FROM runtime_group WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /** The versions that belong to it, as people know them. */
    Future<List<String>> versions(SqlClient client, UUID id) {
        return names(client, VERSIONS, id);
    }

    /** What belongs to it and to no version, as people know it: certificates and upstreams. */
    Future<List<String>> belongings(SqlClient client, UUID id) {
        return names(client, BELONGINGS, id);
    }

    private static Future<List<String>> names(SqlClient client, String sql, UUID id) {
        return client.preparedQuery(sql).execute(Tuple.of(id)).map(rows -> {
            List<String> names = new ArrayList<>(rows.size());
            rows.forEach(row -> names.add(row.getString(0)));
            return names;
        });
    }

    private static Future<@Nullable RuntimeGroup> find(SqlClient client, Caller caller, String idOrName, String lock) {
        UUID id = uuid(idOrName);
        return client.preparedQuery(GROUPS + (id == null ? " WHERE g.name = $1" : " WHERE g.id = $1") + lock)
                .execute(id == null ? Tuple.of(idOrName) : Tuple.of(id))
                .map(GroupStore::groups)
                .map(found -> {
                    RuntimeGroup group = found.isEmpty() ? null : found.get(0);
                    if (group == null || !caller.sees(group.id())) {
                        return null;
                    }
                    caller.require(group.id(), group.name());
                    return group;
                });
    }

    /** What is no id is a name. */
    static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Tuple values(UUID id, GroupFields fields) {
        return Tuple.of(
                id, fields.name(), fields.description(), JsonObject.mapFrom(fields.labels()), fields.proxyUrl());
    }

    private static List<RuntimeGroup> groups(RowSet<Row> rows) {
        List<RuntimeGroup> groups = new ArrayList<>(rows.size());
        rows.forEach(row -> groups.add(group(row)));
        return groups;
    }

    private static RuntimeGroup group(Row row) {
        Map<String, String> labels = new TreeMap<>();
        row.getJsonObject("labels").forEach(label -> labels.put(label.getKey(), String.valueOf(label.getValue())));
        return new RuntimeGroup(
                row.getUUID("id"),
                new GroupFields(
                        row.getString("name"), row.getString("description"), labels, row.getString("proxy_url")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                new GroupHead(
                        new Revision(row.getLong("epoch"), row.getLong("revision")),
                        row.getString("digest"),
                        row.getOffsetDateTime("changed_at").toInstant()));
    }
}
