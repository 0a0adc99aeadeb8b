package dev.sluice.control.revision;

import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets revisions that are older than 90 days or more than 1,000 back, never the head, and deleted versions and
 * services that no kept revision refers to. One control plane does it at a time, each tries every hour.
 */
public final class RevisionPruning {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionPruning.class);
    private static final int DAYS = 90;
    private static final long KEPT_BACK = 1000;
    private static final int BATCH = 5000;
    /** An arbitrary number that means this job among all advisory locks of the database. */
    static final long LOCK = 0x736c_7569_6365_0001L;

    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock($1)";
    /** The first that is kept, for each group that has earlier ones. */
    private static final String FIRST_KEPT = "SELECT h.group_id, kept.first FROM group_head h CROSS JOIN LATERAL ("
            + "SELECT least(h.revision, greatest(h.revision - $1,"
            + " coalesce((SELECT min(r.number) FROM revision r WHERE r.group_id = h.group_id"
            + " AND r.created_at >= now() - make_interval(days => $2)), h.revision))) AS first) kept"
            + " WHERE EXISTS (SELECT FROM revision r WHERE r.group_id = h.group_id AND r.number < kept.first)"
            + " OR EXISTS (SELECT FROM config_entity e WHERE e.group_id = h.group_id AND e.valid_to < kept.first)";

    private static final String FORGET_REVISIONS = "DELETE FROM revision WHERE group_id = $1 AND number < $2";
    /** What ended with the first kept revision stays: it is the "before" of that one's changes. */
    private static final String FORGET_ENTITIES = "DELETE FROM config_entity WHERE ctid = ANY (ARRAY("
            + "SELECT ctid FROM config_entity WHERE group_id = $1 AND valid_to < $2 LIMIT $3))";

    private static final String FORGET_VERSIONS = "DELETE FROM service_version v WHERE v.deleted_at IS NOT NULL"
            + " AND NOT EXISTS (SELECT FROM config_entity e WHERE e.version_id = v.id)";
    private static final String FORGET_SERVICES = "DELETE FROM service s WHERE s.deleted_at IS NOT NULL"
            + " AND NOT EXISTS (SELECT FROM service_version v WHERE v.service_id = s.id)";

    private final Vertx vertx;
    private final Database database;
    private long timer = -1;

    public RevisionPruning(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Prunes a minute from now and every hour, until {@link #stop}. */
    public void start() {
        timer = vertx.setPeriodic(TimeUnit.MINUTES.toMillis(1), TimeUnit.HOURS.toMillis(1), fired -> prune().onFailure(
                        failure -> LOG.warn(
                                "Old revisions were not pruned, trying again in an hour: {}",
                                String.valueOf(failure))));
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /**
     * Prunes now.
     *
     * @return whether it was done; false when another control plane is at it
     */
    public Future<Boolean> prune() {
        return database.transaction(RevisionPruning::round).compose(left -> switch (left) {
            case MORE -> prune();
            case NOTHING -> Future.succeededFuture(true);
            case OTHERS_WORK -> Future.succeededFuture(false);
        });
    }

    private enum Left {
        NOTHING,
        MORE,
        OTHERS_WORK
    }

    private static Future<Left> round(SqlConnection connection) {
        return connection
                .preparedQuery(TRY_LOCK)
                .execute(Tuple.of(LOCK))
                .compose(rows -> rows.iterator().next().getBoolean(0)
                        ? forget(connection)
                        : Future.succeededFuture(Left.OTHERS_WORK));
    }

    private static Future<Left> forget(SqlConnection connection) {
        return connection
                .preparedQuery(FIRST_KEPT)
                .execute(Tuple.of(KEPT_BACK, DAYS))
                .compose(groups -> {
                    Future<Boolean> full = Future.succeededFuture(false);
                    for (Row group : groups) {
                        full = full.compose(before -> forget(connection, group).map(now -> before || now));
                    }
                    return full;
                })
                .compose(more -> more
                        ? Future.succeededFuture(Left.MORE)
                        : forgetTombstones(connection).map(Left.NOTHING));
    }

    /** True when a whole batch went, so that there may be more. */
    private static Future<Boolean> forget(SqlConnection connection, Row group) {
        UUID groupId = group.getUUID("group_id");
        Long first = group.getLong("first");
        return connection
                .preparedQuery(FORGET_REVISIONS)
                .execute(Tuple.of(groupId, first))
                .compose(gone -> connection.preparedQuery(FORGET_ENTITIES).execute(Tuple.of(groupId, first, BATCH)))
                .map(gone -> gone.rowCount() == BATCH);
    }

    private static Future<Void> forgetTombstones(SqlConnection connection) {
        return connection
                .query(FORGET_VERSIONS)
                .execute()
                .compose(gone -> connection.query(FORGET_SERVICES).execute())
                .mapEmpty();
    }
}
