package dev.sluice.control.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the content of an earlier revision the next one. Versions and services that were deleted since come back by
 * their ids; nothing is taken out of another group. Services and versions are locked before the group's head, as by every
 * other write.
 */
final class Restore {
    private static final String VERSIONS = "SELECT v.id, v.name, v.group_id, v.deleted_at IS NOT NULL AS deleted,"
            + " g.name AS group_name, s.id AS service_id, s.name AS service_name"
            + " FROM service_version v JOIN service s ON s.id = v.service_id"
            + " LEFT JOIN runtime_group g ON g.id = v.group_id WHERE v.id = ANY($1) ORDER BY s.id, v.id"
            + " FOR UPDATE OF s, v";
    private static final String TAKEN_SERVICE_NAMES = "SELECT format('Service ''%s'' (%s) cannot come back: its name is"
            + " taken by service %s. Rename or delete that one first.', gone.name, gone.id, other.id)"
            + " FROM service gone JOIN service other ON other.name = gone.name AND other.deleted_at IS NULL"
            + " WHERE gone.id = ANY($1) AND gone.deleted_at IS NOT NULL ORDER BY gone.name";
    private static final String TAKEN_VERSION_NAMES = "SELECT format('Version ''%s'' (%s) of service ''%s'' cannot come"
            + " back: its name is taken by version %s. Rename or delete that one first.',"
            + " gone.name, gone.id, s.name, other.id) FROM service_version gone JOIN service s ON s.id = gone.service_id"
            + " JOIN service_version other ON other.service_id = gone.service_id AND other.name = gone.name"
            + " AND other.deleted_at IS NULL WHERE gone.id = ANY($1) AND gone.deleted_at IS NOT NULL ORDER BY gone.name";
    private static final String REVIVE_SERVICES = "UPDATE service SET deleted_at = NULL, updated_at = now(),"
            + " row_version = row_version + 1 WHERE id = ANY($1) AND deleted_at IS NOT NULL";
    private static final String REVIVE_VERSIONS = "UPDATE service_version SET deleted_at = NULL, updated_at = now(),"
            + " row_version = row_version + 1, group_id = $2 WHERE id = ANY($1) AND deleted_at IS NOT NULL";

    private final ConfigWriter writer;
    private final RevisionStore revisions;

    Restore(ConfigWriter writer, RevisionStore revisions) {
        this.writer = writer;
        this.revisions = revisions;
    }

    /** Fails with a NotFoundException when there is no such revision (any more), or with {@link ConflictException}. */
    Future<Committed<Long>> run(Caller caller, UUID groupId, long number) {
        return writer.write(caller, transaction -> lockVersions(transaction.connection(), groupId, number)
                .compose(versions -> transaction
                        .lock(List.of(groupId))
                        .compose(locked -> revisions.content(transaction.connection(), groupId, number))
                        .compose(content -> revive(transaction.connection(), groupId, content, versions)
                                .map(revived -> {
                                    stage(transaction, groupId, content);
                                    transaction.describe("restore revision " + number);
                                    transaction.restoresFrom(number);
                                    transaction.changed(change(transaction.head(groupId), groupId, number));
                                    return number;
                                }))));
    }

    private Future<RowSet<Row>> lockVersions(SqlConnection connection, UUID groupId, long number) {
        return revisions
                .versionIds(connection, groupId, number)
                .compose(ids -> connection.preparedQuery(VERSIONS).execute(Tuple.of(ids.toArray(new UUID[0]))));
    }

    private static Future<Void> revive(
            SqlConnection connection, UUID groupId, RevisionContent content, RowSet<Row> locked) {
        Set<UUID> versions = content.facts().values().stream()
                .map(EntityFacts::versionId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        requireHere(groupId, versions, locked);
        Set<UUID> services = new HashSet<>();
        locked.forEach(row -> services.add(row.getUUID("service_id")));
        return revive(connection, groupId, services.toArray(new UUID[0]), versions.toArray(new UUID[0]));
    }

    private static Future<Void> revive(SqlConnection connection, UUID groupId, UUID[] services, UUID[] versions) {
        return refuseTaken(connection, TAKEN_SERVICE_NAMES, services)
                .compose(free -> refuseTaken(connection, TAKEN_VERSION_NAMES, versions))
                .compose(free -> connection.preparedQuery(REVIVE_SERVICES).execute(Tuple.of(services)))
                .compose(done -> connection.preparedQuery(REVIVE_VERSIONS).execute(Tuple.of(versions, groupId)))
                .mapEmpty();
    }

    private static void requireHere(UUID groupId, Set<UUID> wanted, RowSet<Row> rows) {
        if (rows.size() < wanted.size()) {
            throw new ConflictException("The revision has just been pruned, with versions that it had.");
        }
        for (Row row : rows) {
            if (!row.getBoolean("deleted") && !Objects.equals(row.getUUID("group_id"), groupId)) {
                throw new ConflictException("Version '" + row.getString("name") + "' of service '"
                        + row.getString("service_name") + "' is in runtime group '" + row.getString("group_name")
                        + "' now, and a restore takes nothing out of another group. Move it back first.");
            }
        }
    }

    private static Future<Void> refuseTaken(SqlConnection connection, String sql, UUID[] ids) {
        return connection.preparedQuery(sql).execute(Tuple.of(ids)).map(rows -> {
            if (rows.size() > 0) {
                throw new ConflictException(rows.iterator().next().getString(0));
            }
            return null;
        });
    }

    private static AuditChange change(Snapshot head, UUID groupId, long restored) {
        ObjectNode before = ConfigJson.MAPPER
                .createObjectNode()
                .put("revision", head.revision().number());
        ObjectNode after = ConfigJson.MAPPER.createObjectNode().put("restored_from", restored);
        return new AuditChange("runtime_group", groupId, head.group(), before, after);
    }

    private static void stage(ConfigTransaction transaction, UUID groupId, RevisionContent content) {
        for (Entity current : transaction.head(groupId).entities()) {
            if (!content.facts().containsKey(current.key())) {
                transaction.remove(groupId, current.key());
            }
        }
        for (Entity earlier : content.snapshot().entities()) {
            transaction.put(
                    groupId, earlier, Objects.requireNonNull(content.facts().get(earlier.key())));
        }
    }
}
