package dev.sluice.control.db;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What a failed statement means. SQLSTATE values are those of PostgreSQL's appendix A. */
final class SqlFailures {
    /** Serialization failure and deadlock: the same transaction may succeed when it runs again. */
    private static final Set<String> RUN_AGAIN = Set.of("40001", "40P01");

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    /** Values that no column holds: characters outside the encoding, U+0000 in JSON, numbers and times out of range. */
    private static final Set<String> UNSTORABLE = Set.of("22021", "22P05", "22003", "22008");

    /** Idle in transaction too long, lock not available, and read-only: a standby, after a failover. */
    private static final Set<String> UNAVAILABLE = Set.of("25P03", "55P03", "25006");
    /** Connection, resources, operator intervention (statement timeout and shutdown too), system error. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

    private SqlFailures() {}

    static boolean mayRunAgain(Throwable failure) {
        return failure instanceof PgException sql && RUN_AGAIN.contains(sql.getSqlState());
    }

    static boolean isUniqueViolation(Throwable failure) {
        return failure instanceof PgException sql && UNIQUE_VIOLATION.equals(sql.getSqlState());
    }

    static boolean isForeignKeyViolation(Throwable failure) {
        return failure instanceof PgException sql && FOREIGN_KEY_VIOLATION.equals(sql.getSqlState());
    }

    static boolean isUnstorableData(Throwable failure) {
        return failure instanceof PgException sql && UNSTORABLE.contains(String.valueOf(sql.getSqlState()));
    }

    /** Whether the database, rather than the statement, is at fault. */
    static boolean isUnavailable(Throwable failure) {
        if (failure instanceof PgException sql) {
            String state = sql.getSqlState();
            return state != null
                    && (UNAVAILABLE.contains(state) || UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
        }
        return failure instanceof IOException
                || failure instanceof VertxException
                || failure instanceof TimeoutException;
    }
}
