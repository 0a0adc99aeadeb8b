package dev.sluice.control.status;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads the most recent seconds. */
final class LiveStore {
    /** Which requests of a version a number is of. */
    record SecondKey(Instant at, UUID route, int code) {}

    /** A number that only ever grows, until its second is out of the window. */
    record Counted(SecondKey key, long n) {}

    private static final String SELECT = """
            SELECT version_id, at, route_id, code, sum(n)::bigint AS n FROM status_second
            WHERE version_id = ANY ($1) AND at >= now() - make_interval(secs => $2::double precision)
            GROUP BY 1, 2, 3, 4
            """;

    /** What arrived within this time, by version; as of one moment. */
    Future<Map<UUID, List<Counted>>> recent(SqlClient client, Collection<UUID> versions, int seconds) {
        return client.preparedQuery(SELECT)
                .execute(Tuple.of(versions.toArray(UUID[]::new), (double) seconds))
                .map(LiveStore::byVersion);
    }

    Future<Instant> now(SqlClient client) {
        return client.query("SELECT clock_timestamp()")
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant());
    }

    private static Map<UUID, List<Counted>> byVersion(RowSet<Row> rows) {
        Map<UUID, List<Counted>> byVersion = new HashMap<>();
        rows.forEach(row -> byVersion
                .computeIfAbsent(row.getUUID("version_id"), version -> new ArrayList<>())
                .add(new Counted(
                        new SecondKey(
                                row.getOffsetDateTime("at").toInstant(),
                                row.getUUID("route_id"),
                                row.getInteger("code")),
                        row.getLong("n"))));
        return byVersion;
    }
}
