package dev.sluice.control.status;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Adds reported counts. Must run under the lock of the runtime's directory row, which the report's transaction holds. */
public final class CountStore {
    /*
     * All parts see the tables as they were when the statement began; by the lock, nobody else changes this runtime's
     * rows meanwhile. So what a row grows by is exact, however often and in whatever order reports come.
     */
    private static final String ADD_COUNTS = """
            WITH received AS (
                SELECT r.boot, to_timestamp(r.minute * 60) AS minute, r.route_id, r.code, max(r.n) AS n
                FROM unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::integer[], $7::bigint[])
                    AS r (boot, minute, route_id, code, n)
                GROUP BY 1, 2, 3, 4
            ), known AS MATERIALIZED (
                SELECT r.*, coalesce(o.version_id, $8::uuid) AS version_id
                FROM received r
                LEFT JOIN route_owner o ON o.group_id = $1 AND o.route_id = r.route_id
                WHERE r.route_id = $8::uuid OR o.route_id IS NOT NULL
            ), arrival AS MATERIALIZED (
                SELECT clock_timestamp() AS at
            ), grown AS MATERIALIZED (
                SELECT k.*, k.n - coalesce(before.n, 0) AS growth
                FROM known k
                LEFT JOIN LATERAL (
                    SELECT m.n FROM status_minute m
                    WHERE m.minute = k.minute AND m.group_id = $1 AND m.runtime_id = $2 AND m.boot = k.boot
                        AND m.route_id = k.route_id AND m.code = k.code
                    LIMIT 1) AS before ON true
            ), minutes AS (
                INSERT INTO status_minute AS m
                    (minute, group_id, runtime_id, boot, route_id, code, version_id, n, touched)
                SELECT k.minute, $1::uuid, $2::uuid, k.boot, k.route_id, k.code, k.version_id, k.n, arrival.at
                FROM known k, arrival
                ON CONFLICT (minute, group_id, runtime_id, boot, route_id, code)
                DO UPDATE SET n = greatest(m.n, excluded.n), touched = excluded.touched
            ), seconds AS (
                INSERT INTO status_second AS s (at, group_id, runtime_id, route_id, code, version_id, n)
                SELECT date_trunc('second', arrival.at), $1::uuid, $2::uuid, g.route_id, g.code, g.version_id, sum(g.growth)
                FROM grown g, arrival WHERE g.growth > 0 GROUP BY 1, 4, 5, 6
                ON CONFLICT (at, group_id, runtime_id, route_id, code) DO UPDATE SET n = s.n + excluded.n
            ), hours AS (
                INSERT INTO status_hour AS h (hour, group_id, runtime_id, route_id, code, version_id, n)
                SELECT date_trunc('hour', g.minute, 'UTC'), $1::uuid, $2::uuid, g.route_id, g.code, g.version_id, sum(g.growth)
                FROM grown g WHERE g.growth > 0 GROUP BY 1, 4, 5, 6
                ON CONFLICT (hour, group_id, runtime_id, route_id, code) DO UPDATE SET n = h.n + excluded.n
            )
            SELECT (SELECT count(*) FROM received) - (SELECT count(*) FROM known) AS unknown_rows,
                (SELECT coalesce(sum(growth) FILTER (WHERE growth > 0), 0)::bigint FROM grown) AS requests
            """;

    private static final String ADD_LATENCIES = """
            INSERT INTO latency_minute AS l
                (minute, group_id, runtime_id, boot, route_id, version_id, total, histogram)
            SELECT DISTINCT ON (r.boot, r.minute, r.route_id)
                to_timestamp(r.minute * 60), $1::uuid, $2::uuid, r.boot, r.route_id, coalesce(o.version_id, $8::uuid), r.total,
                r.histogram
            FROM unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::bigint[], $7::bytea[])
                AS r (boot, minute, route_id, total, histogram)
            LEFT JOIN route_owner o ON o.group_id = $1 AND o.route_id = r.route_id
            WHERE r.route_id = $8::uuid OR o.route_id IS NOT NULL
            ORDER BY r.boot, r.minute, r.route_id, r.total DESC
            ON CONFLICT (minute, group_id, runtime_id, boot, route_id)
            DO UPDATE SET total = excluded.total, histogram = excluded.histogram WHERE excluded.total > l.total
            """;

    /**
     * What came of a report's counts.
     *
     * @param requests that were not counted before
     * @param unknownRows rows of routes that were never in the group, passed over
     */
    public record Added(long requests, long unknownRows) {}

    /** Stores the greater of what is stored and what was received, and adds the differences to the rollups. */
    public Future<Added> add(SqlConnection connection, UUID groupId, UUID runtimeId, CountRows rows) {
        return addCounts(connection, groupId, runtimeId, rows.counts())
                .compose(added -> addLatencies(connection, groupId, runtimeId, rows.latencies())
                        .map(added));
    }

    private static Future<Added> addCounts(
            SqlConnection connection, UUID groupId, UUID runtimeId, List<CountRows.CountRow> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture(new Added(0, 0));
        }
        Tuple columns = Tuple.of(
                groupId,
                runtimeId,
                column(rows, UUID[]::new, CountRows.CountRow::boot),
                column(rows, Long[]::new, CountRows.CountRow::minute),
                column(rows, UUID[]::new, CountRows.CountRow::route));
        columns.addValue(column(rows, Integer[]::new, CountRows.CountRow::code));
        columns.addValue(column(rows, Long[]::new, CountRows.CountRow::n));
        columns.addValue(RouteIds.NONE);
        return connection.preparedQuery(ADD_COUNTS).execute(columns).map(result -> {
            Row row = result.iterator().next();
            return new Added(row.getLong("requests"), row.getLong("unknown_rows"));
        });
    }

    private static Future<Void> addLatencies(
            SqlConnection connection, UUID groupId, UUID runtimeId, List<CountRows.LatencyRow> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.of(
                groupId,
                runtimeId,
                column(rows, UUID[]::new, CountRows.LatencyRow::boot),
                column(rows, Long[]::new, CountRows.LatencyRow::minute),
                column(rows, UUID[]::new, CountRows.LatencyRow::route));
        columns.addValue(column(rows, Long[]::new, CountRows.LatencyRow::total));
        columns.addValue(column(rows, Buffer[]::new, CountRows.LatencyRow::histogram));
        columns.addValue(RouteIds.NONE);
        return connection.preparedQuery(ADD_LATENCIES).execute(columns).mapEmpty();
    }

    private static <R, T> T[] column(List<R> rows, IntFunction<T[]> array, Function<R, T> value) {
        return rows.stream().map(value).toArray(array);
    }
}
