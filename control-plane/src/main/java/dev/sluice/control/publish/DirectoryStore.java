package dev.sluice.control.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.control.enrolment.RefusedRuntimeException;
import dev.sluice.control.enrolment.RuntimeCaller;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.metrics.ControlPlaneMeters.RuntimeCount;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.Report.TargetState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The directory's rows, and the heads that they are compared with. */
final class DirectoryStore {
    static final String CHANNEL = "sluice_runtime";
    private static final int MAX_REASON = 2000;

    private static final String SELECT_ENTRIES = """
            SELECT r.*, g.name AS group_name, h.epoch AS head_epoch, h.revision AS head_revision,
                h.digest AS head_digest, i.certificate_not_after, i.revoked_at IS NOT NULL AS revoked,
                CASE WHEN r.stopped OR i.revoked_at IS NOT NULL OR r.last_seen < clock_timestamp() - interval '30 seconds' THEN 'gone'
                     WHEN r.last_seen < clock_timestamp() - interval '3 seconds' THEN 'stale'
                     ELSE 'live' END AS state,
                NOT r.stopped AND i.revoked_at IS NULL AND r.last_seen >= clock_timestamp() - interval '24 hours' AS may_return
            FROM runtime r JOIN runtime_group g ON g.id = r.group_id JOIN group_head h ON h.group_id = r.group_id
                LEFT JOIN runtime_identity i ON i.id = r.id
            """;

    private static final String INSERT = """
            INSERT INTO runtime (id, group_id, name, host, version, boot, sequence, started_at, epoch, revision, digest,
                source, stopping, stopped, refusal, memory_used, memory_max, bus, targets, first_seen, last_seen)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                clock_timestamp(), clock_timestamp())
            ON CONFLICT (id) DO NOTHING
            """;

    private static final String UPDATE = """
            UPDATE runtime SET group_id = $2, name = $3, host = $4, version = $5, boot = $6, sequence = $7,
                started_at = $8, epoch = $9, revision = $10, digest = $11, source = $12, stopping = $13, stopped = $14,
                refusal = $15, memory_used = $16, memory_max = $17, bus = $18, targets = $19,
                last_seen = clock_timestamp()
            WHERE id = $1
            """;

    /** A group's head with the database's clock and the time since the head was committed. */
    record HeadNow(Head head, Instant now) {}

    /** @param sinceLastSeenMillis silence by the database's clock */
    record Known(
            UUID groupId,
            UUID boot,
            long sequence,
            Instant startedAt,
            long epoch,
            long revision,
            boolean stopping,
            boolean stopped,
            @Nullable JsonObject refusal,
            String source,
            long sinceLastSeenMillis) {}

    /**
     * The head of the group that a runtime serves; fails with {@link RefusedRuntimeException} when it was revoked or
     * forgotten since it was let in.
     */
    Future<HeadNow> head(SqlClient client, RuntimeCaller caller) {
        return client.preparedQuery("""
                        SELECT g.id, g.name, h.epoch, h.revision, clock_timestamp() AS now
                        FROM runtime_identity i JOIN runtime_group g ON g.id = i.group_id
                            JOIN group_head h ON h.group_id = g.id
                        WHERE i.id = $1 AND i.group_id = $2 AND i.revoked_at IS NULL
                        """)
                .execute(Tuple.of(caller.id(), caller.groupId()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new RefusedRuntimeException(403, "This runtime was revoked or forgotten just now.");
                    }
                    Row row = rows.iterator().next();
                    return new HeadNow(head(row), row.getOffsetDateTime("now").toInstant());
                });
    }

    /** Whether there is a group of this name. */
    Future<Boolean> isGroup(SqlClient client, String name) {
        return client.preparedQuery("SELECT FROM runtime_group WHERE name = $1")
                .execute(Tuple.of(name))
                .map(rows -> rows.size() > 0);
    }

    Future<List<Head>> heads(SqlClient client) {
        return client.query("SELECT g.id, g.name, h.epoch, h.revision"
                        + " FROM runtime_group g JOIN group_head h ON h.group_id = g.id")
                .execute()
                .map(DirectoryStore::heads);
    }

    private static List<Head> heads(RowSet<Row> rows) {
        List<Head> heads = new ArrayList<>();
        rows.forEach(row -> heads.add(head(row)));
        return heads;
    }

    private static Head head(Row row) {
        return new Head(
                row.getUUID("id"), row.getString("name"), new Revision(row.getLong("epoch"), row.getLong("revision")));
    }

    /** Locks a runtime's row until the transaction ends; null when there is none yet. */
    Future<@Nullable Known> lock(SqlConnection connection, UUID runtime) {
        return connection
                .preparedQuery("""
                        SELECT *, (extract(epoch FROM clock_timestamp() - last_seen) * 1000)::bigint AS silence
                        FROM runtime WHERE id = $1 FOR UPDATE
                        """)
                .execute(Tuple.of(runtime))
                .map(rows -> rows.size() == 0 ? null : known(rows.iterator().next()));
    }

    private static Known known(Row row) {
        return new Known(
                row.getUUID("group_id"),
                row.getUUID("boot"),
                row.getLong("sequence"),
                row.getOffsetDateTime("started_at").toInstant(),
                row.getLong("epoch"),
                row.getLong("revision"),
                row.getBoolean("stopping"),
                row.getBoolean("stopped"),
                row.getJsonObject("refusal"),
                row.getString("source"),
                row.getLong("silence"));
    }

    /** Whether the row is new: false when another control plane was faster, then it can be locked. */
    Future<Boolean> insert(SqlConnection connection, UUID groupId, Report report) {
        return connection
                .preparedQuery(INSERT)
                .execute(columns(groupId, report))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<Void> update(SqlConnection connection, UUID groupId, Report report) {
        return connection
                .preparedQuery(UPDATE)
                .execute(columns(groupId, report))
                .mapEmpty();
    }

    private static Tuple columns(UUID groupId, Report report) {
        RuntimeIdentity runtime = report.runtime();
        RuntimeState state = report.state();
        return Tuple.wrap(Arrays.<@Nullable Object>asList(
                runtime.id(),
                groupId,
                runtime.name(),
                runtime.host(),
                runtime.version(),
                runtime.boot(),
                report.sequence(),
                Instant.ofEpochMilli(runtime.startedAt()).atOffset(ZoneOffset.UTC),
                state.epoch(),
                state.revision(),
                state.digest(),
                state.source(),
                state.stopping(),
                state.stopped(),
                refusal(state.refusal()),
                state.memoryUsed(),
                state.memoryMax(),
                state.bus(),
                targets(state.targets())));
    }

    /** By id, so that the last one counts of two of the same. */
    private static @Nullable JsonObject targets(@Nullable List<TargetState> targets) {
        if (targets == null) {
            return null;
        }
        JsonObject byId = new JsonObject();
        targets.forEach(target -> byId.put(target.target().toString(), target.state()));
        return byId;
    }

    /** As it is stored and shown. */
    static @Nullable JsonObject refusal(@Nullable Refusal refusal) {
        return refusal == null
                ? null
                : new JsonObject()
                        .put("epoch", refusal.epoch())
                        .put("revision", refusal.revision())
                        .put("reason", ReportRules.line(refusal.reason(), MAX_REASON))
                        .put("at", Instant.ofEpochMilli(refusal.at()).toString());
    }

    /** Tells every control plane, after the commit, that a runtime of the group serves something else. */
    Future<Void> notifyServed(SqlConnection connection, UUID groupId) {
        return connection
                .preparedQuery("SELECT pg_notify('" + CHANNEL + "', $1)")
                .execute(Tuple.of(groupId.toString()))
                .mapEmpty();
    }

    /** Seconds from the commit of a revision until now; null when the revision is not known. */
    Future<@Nullable Double> secondsSinceCommit(SqlConnection connection, UUID groupId, long revision) {
        return connection
                .preparedQuery("SELECT extract(epoch FROM clock_timestamp() - created_at)::double precision AS seconds"
                        + " FROM revision WHERE group_id = $1 AND number = $2")
                .execute(Tuple.of(groupId, revision))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getDouble("seconds"));
    }

    Future<List<DirectoryEntry>> entriesOf(SqlClient client, Collection<UUID> groups) {
        return client.preparedQuery(SELECT_ENTRIES + " WHERE r.group_id = ANY ($1) ORDER BY r.name, r.id")
                .execute(Tuple.of(groups.toArray(UUID[]::new)))
                .map(DirectoryStore::entries);
    }

    /** Of a group in order of name and id, behind a name and id where they are given. */
    Future<List<DirectoryEntry>> page(
            SqlClient client, UUID group, @Nullable String afterName, @Nullable UUID afterId, int limit) {
        return client.preparedQuery(SELECT_ENTRIES
                        + " WHERE r.group_id = $1 AND ($2::text IS NULL OR (r.name, r.id) > ($2, $3::uuid))"
                        + " ORDER BY r.name, r.id LIMIT $4")
                .execute(Tuple.of(group, afterName, afterId, limit))
                .map(DirectoryStore::entries);
    }

    /** How many runtimes there are, by group and state. */
    Future<List<RuntimeCount>> counts(SqlClient client) {
        return client.query("SELECT group_name, state, count(*) AS n FROM (" + SELECT_ENTRIES + ") e GROUP BY 1, 2")
                .execute()
                .map(rows -> {
                    List<RuntimeCount> counts = new ArrayList<>();
                    rows.forEach(row -> counts.add(
                            new RuntimeCount(row.getString("group_name"), row.getString("state"), row.getLong("n"))));
                    return counts;
                });
    }

    private static List<DirectoryEntry> entries(RowSet<Row> rows) {
        List<DirectoryEntry> entries = new ArrayList<>();
        rows.forEach(row -> entries.add(entry(row)));
        return entries;
    }

    private static DirectoryEntry entry(Row row) {
        JsonObject refusal = row.getJsonObject("refusal");
        return new DirectoryEntry(
                row.getUUID("id"),
                row.getString("name"),
                row.getString("host"),
                row.getString("version"),
                row.getString("group_name"),
                row.getUUID("group_id"),
                new DirectoryEntry.Served(
                        row.getLong("epoch"),
                        row.getLong("revision"),
                        row.getString("digest"),
                        row.getString("source")),
                new DirectoryEntry.Served(
                        row.getLong("head_epoch"), row.getLong("head_revision"), row.getString("head_digest"), "head"),
                row.getString("state"),
                row.getBoolean("may_return"),
                row.getBoolean("stopping"),
                refusal == null ? null : ConfigJson.object(refusal.encode().getBytes(UTF_8)),
                new DirectoryEntry.Memory(row.getLong("memory_used"), row.getLong("memory_max")),
                row.getBoolean("bus"),
                targets(row.getJsonObject("targets")),
                instant(row.getOffsetDateTime("started_at")),
                instant(row.getOffsetDateTime("first_seen")),
                instant(row.getOffsetDateTime("last_seen")),
                new DirectoryEntry.Credential(
                        row.getOffsetDateTime("certificate_not_after") == null
                                ? null
                                : instant(row.getOffsetDateTime("certificate_not_after")),
                        row.getBoolean("revoked")));
    }

    private static @Nullable Map<UUID, String> targets(@Nullable JsonObject byId) {
        if (byId == null) {
            return null;
        }
        Map<UUID, String> targets = new HashMap<>();
        byId.forEach(entry -> targets.put(UUID.fromString(entry.getKey()), String.valueOf(entry.getValue())));
        return targets;
    }

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }
}
