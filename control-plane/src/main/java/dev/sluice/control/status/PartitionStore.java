package dev.sluice.control.status;

import dev.sluice.control.status.RolledTable.Partition;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes and drops partitions. The names in its statements come from {@link RolledTable} and the clock, never from
 * outside.
 */
final class PartitionStore {
    /** Which of a runtime's rows a report carried last: a report that may never have been acknowledged. */
    private static final String LAST_REPORTED = """
            CREATE TEMPORARY TABLE last_reported ON COMMIT DROP AS
            SELECT runtime_id, max(touched) - interval '1 minute' AS since FROM status_minute GROUP BY runtime_id
            """;

    /** Whether somebody else is at it; the lock goes with the transaction. */
    Future<Boolean> tryLock(SqlConnection connection, RolledTable table) {
        return connection
                .preparedQuery("SELECT pg_try_advisory_xact_lock(hashtext($1))")
                .execute(Tuple.of("sluice partitions of " + table.name()))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Those that there are, the default partition left out, in order. */
    Future<List<String>> partitions(SqlConnection connection, RolledTable table) {
        return connection
                .preparedQuery("SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                        + " WHERE i.inhparent = to_regclass($1) AND c.relname <> $2 ORDER BY 1")
                .execute(Tuple.of(table.name(), table.defaultPartition()))
                .map(rows -> {
                    List<String> names = new ArrayList<>();
                    rows.forEach(row -> names.add(row.getString(0)));
                    return names;
                });
    }

    /** Reports wait while this lock is held, so it is waited for but shortly. */
    Future<Void> lockTable(SqlConnection connection, RolledTable table) {
        return run(connection, "SET LOCAL lock_timeout = '2s'")
                .compose(done -> run(connection, "LOCK TABLE " + table.name() + " IN ACCESS EXCLUSIVE MODE"));
    }

    /** Makes a partition and takes over what the default partition holds of its range. */
    Future<Void> create(SqlConnection connection, RolledTable table, Partition partition) {
        String column = table.timeColumn();
        String range = column + " >= '" + partition.from() + "' AND " + column + " < '" + partition.to() + "'";
        return inOrder(
                List.of(
                        "CREATE TABLE " + partition.name() + " (LIKE " + table.name()
                                + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 70)",
                        "WITH moved AS (DELETE FROM " + table.defaultPartition() + " WHERE " + range
                                + " RETURNING *) INSERT INTO " + partition.name() + " SELECT * FROM moved",
                        "ALTER TABLE " + table.name() + " ATTACH PARTITION " + partition.name() + " FOR VALUES FROM ('"
                                + partition.from() + "') TO ('" + partition.to() + "')"),
                statement -> run(connection, statement));
    }

    /** To be called before the table is locked: reads all of it. */
    Future<Void> noteLastReported(SqlConnection connection) {
        return run(connection, LAST_REPORTED);
    }

    /** Drops a partition with all that is in it. */
    Future<Void> drop(SqlConnection connection, RolledTable table, String partition) {
        return run(connection, "ALTER TABLE " + table.name() + " DETACH PARTITION " + partition)
                .compose(done -> run(connection, "DROP TABLE " + partition));
    }

    /**
     * Drops a partition of minutes, but keeps what may be reported again: should the runtime never have got the answer to
     * its last report and come back after days, the rows tell what of it was counted already.
     */
    Future<Void> dropMinutes(SqlConnection connection, String partition) {
        String table = RolledTable.MINUTES.name();
        return inOrder(
                List.of(
                        "ALTER TABLE " + table + " DETACH PARTITION " + partition,
                        "INSERT INTO " + table + " SELECT p.* FROM " + partition
                                + " p JOIN last_reported l USING (runtime_id) WHERE p.touched >= l.since",
                        "DROP TABLE " + partition),
                statement -> run(connection, statement));
    }

    /** Takes old rows out of the default partition. */
    Future<Void> cleanDefault(SqlConnection connection, RolledTable table, Instant oldestKept) {
        return connection
                .preparedQuery("DELETE FROM " + table.defaultPartition() + " WHERE " + table.timeColumn() + " < $1")
                .execute(Tuple.of(at(oldestKept)))
                .mapEmpty();
    }

    /** The same for minutes, where what may be reported again stays for as long as reports of it are accepted. */
    Future<Void> cleanDefaultMinutes(SqlConnection connection, Instant oldestKept, Instant oldestAccepted) {
        return connection
                .preparedQuery("DELETE FROM status_minute_default d USING last_reported l"
                        + " WHERE d.runtime_id = l.runtime_id AND d.minute < $1"
                        + " AND (d.touched < l.since OR d.minute < $2)")
                .execute(Tuple.of(at(oldestKept), at(oldestAccepted)))
                .mapEmpty();
    }

    /** Runtimes of which nothing was heard since; what they counted stays. */
    Future<Integer> forgetRuntimes(SqlConnection connection, Instant notSeenSince) {
        return connection
                .preparedQuery("DELETE FROM runtime WHERE last_seen < $1")
                .execute(Tuple.of(at(notSeenSince)))
                .map(rows -> rows.rowCount());
    }

    Future<Instant> now(SqlConnection connection) {
        return connection
                .query("SELECT clock_timestamp()")
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant());
    }

    private static Future<Void> run(SqlConnection connection, String statement) {
        return connection.query(statement).execute().mapEmpty();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** One after the other; the first that fails ends it. */
    static <T> Future<Void> inOrder(List<T> items, Function<T, Future<Void>> step) {
        Future<Void> sequence = Future.succeededFuture();
        for (T item : items) {
            sequence = sequence.compose(done -> step.apply(item));
        }
        return sequence;
    }
}
