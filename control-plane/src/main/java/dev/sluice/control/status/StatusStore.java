package dev.sluice.control.status;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.status.StatusQuery.By;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the record. Table and column names come from this package's own enums. */
final class StatusStore {
    /** More rows than this are nothing that a person reads, nor that should be in memory at once. */
    static final int MAX_ROWS = 50_000;

    static final int MAX_HISTOGRAMS = 20_000;
    private static final String CELLS = """
        SELECT date_bin(make_interval(secs => $4::double precision), {time}, to_timestamp(0)) AS point,
            {route} AS route, {runtime} AS runtime, {version} AS version, code, sum(n)::bigint AS n
        FROM {table} WHERE {subject} AND {time} >= $2 AND {time} < $3
            AND ($6::uuid[] IS NULL OR group_id = ANY ($6))
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5 LIMIT $5
        """;
    private static final String NIL = "'" + RouteIds.NONE + "'::uuid";

    /** Route, runtime and version of requests; the nil uuid where the record is not divided by them. */
    record Division(UUID route, UUID runtime, UUID version) implements Comparable<Division> {
        static final Division NONE = new Division(RouteIds.NONE, RouteIds.NONE, RouteIds.NONE);
        private static final Comparator<Division> ORDER = Comparator.comparing(Division::route)
                .thenComparing(Division::runtime)
                .thenComparing(Division::version);

        @Override
        public int compareTo(Division other) {
            return ORDER.compare(this, other);
        }
    }

    /** @param n how many requests */
    record Cell(Instant point, Division key, int code, long n) {}

    /** One more than {@link #MAX_ROWS} where there are more. */
    Future<List<Cell>> cells(SqlClient client, Subject subject, StatusQuery query) {
        RolledTable table = query.unit().table();
        String sql = CELLS.replace("{time}", table.timeColumn())
                .replace("{route}", query.by().contains(By.ROUTE) ? "route_id" : NIL)
                .replace("{runtime}", query.by().contains(By.RUNTIME) ? "runtime_id" : NIL)
                .replace("{version}", query.by().contains(By.VERSION) ? "version_id" : NIL)
                .replace("{table}", table.name())
                .replace("{subject}", subject.kind().condition());
        return client.preparedQuery(sql)
                .execute(Tuple.tuple()
                        .addUUID(subject.id())
                        .addOffsetDateTime(at(query.from()))
                        .addOffsetDateTime(at(query.to()))
                        .addDouble((double) query.step())
                        .addInteger(MAX_ROWS + 1)
                        .addArrayOfUUID(subject.groupIds()))
                .map(StatusStore::cells);
    }

    private static List<Cell> cells(RowSet<Row> rows) {
        List<Cell> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(new Cell(
                row.getOffsetDateTime("point").toInstant(),
                new Division(row.getUUID("route"), row.getUUID("runtime"), row.getUUID("version")),
                row.getInteger("code"),
                row.getLong("n"))));
        return cells;
    }

    /** Compressed latency records, one more than {@link #MAX_HISTOGRAMS} where there are more. */
    Future<List<Buffer>> histograms(SqlClient client, Subject subject, StatusQuery query) {
        return client.preparedQuery("SELECT histogram FROM latency_minute WHERE "
                        + subject.kind().condition() + " AND minute >= date_trunc('minute', $2::timestamptz)"
                        + " AND minute < $3 AND ($5::uuid[] IS NULL OR group_id = ANY ($5)) LIMIT $4")
                .execute(Tuple.of(
                        subject.id(), at(query.from()), at(query.to()), MAX_HISTOGRAMS + 1, subject.groupIds()))
                .map(rows -> {
                    List<Buffer> histograms = new ArrayList<>();
                    rows.forEach(row -> histograms.add(row.getBuffer(0)));
                    return histograms;
                });
    }

    /** Names of routes, runtimes and versions, as far as they are still there. */
    Future<Map<UUID, String>> names(SqlClient client, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return client.preparedQuery("""
            SELECT id, name FROM runtime WHERE id = ANY ($1)
            UNION ALL
            SELECT id, name FROM service_version WHERE deleted_at IS NULL AND id = ANY ($1)
            UNION ALL
            SELECT id, name FROM config_entity
            WHERE kind = 'route' AND valid_to IS NULL AND name IS NOT NULL AND id = ANY ($1)
            """)
                .execute(Tuple.of(ids.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, String> names = new HashMap<>();
                    rows.forEach(row -> names.put(row.getUUID("id"), row.getString("name")));
                    return names;
                });
    }

    Future<Instant> now(SqlClient client) {
        return client.query("SELECT clock_timestamp()")
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant());
    }

    /** The id of a version by the ids or names of service and version; null when there is none that the caller sees. */
    Future<@Nullable UUID> version(SqlClient client, Caller caller, String service, String version) {
        return client.preparedQuery("""
            SELECT v.id FROM service_version v JOIN service s ON s.id = v.service_id
            WHERE s.deleted_at IS NULL AND v.deleted_at IS NULL
                AND (s.id = $1 OR s.name = $2) AND (v.id = $3 OR v.name = $4)
                AND ($5::uuid[] IS NULL OR v.group_id = ANY ($5))
            ORDER BY (s.id = $1) IS TRUE DESC, (v.id = $3) IS TRUE DESC LIMIT 1
            """)
                .execute(Tuple.of(uuid(service), service, uuid(version), version, caller.visibleGroups()))
                .map(StatusStore::firstId);
    }

    /** By id also a route that is gone by now; by name only one that is there, and fails where several groups have one. */
    Future<@Nullable UUID> route(SqlClient client, Caller caller, String route) {
        return client.preparedQuery("""
            SELECT DISTINCT route_id AS id, 0 AS rank FROM route_owner
            WHERE route_id = $1 AND ($3::uuid[] IS NULL OR group_id = ANY ($3))
            UNION ALL
            SELECT id, 1 FROM config_entity WHERE kind = 'route' AND valid_to IS NULL AND name = $2
                AND ($3::uuid[] IS NULL OR group_id = ANY ($3))
            ORDER BY rank LIMIT 2
            """)
                .execute(Tuple.of(uuid(route), route, caller.visibleGroups()))
                .map(rows -> {
                    if (rows.size() == 2 && rows.iterator().next().getInteger("rank") == 1) {
                        throw new ConflictException(
                                "Several runtime groups have a route named '" + route + "'; use its id.");
                    }
                    return firstId(rows);
                });
    }

    private static @Nullable UUID firstId(RowSet<Row> rows) {
        return rows.size() == 0 ? null : rows.iterator().next().getUUID("id");
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
