package dev.sluice.control.people;

import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears away sessions that have ended, attempts to log in that matter no more, and rows of the audit trail after a year. */
final class PeopleUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(PeopleUpkeep.class);
    private static final long EVERY_MS = Duration.ofMinutes(10).toMillis();
    private static final String SESSIONS =
            "DELETE FROM login_session WHERE expires_at < now()" + " OR last_seen_at < now() - interval '30 minutes'";
    private static final String ATTEMPTS = "DELETE FROM login_attempt WHERE last_at < now() - interval '2 hours'";
    private static final String AUDIT = "SELECT audit_record_expire()";

    private final Vertx vertx;
    private final Database database;
    private long timer = -1;

    PeopleUpkeep(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    void start() {
        timer = vertx.setPeriodic(EVERY_MS, id -> run().onFailure(failure ->
                LOG.warn("Ended sessions and old rows were not cleared away, next try follows", failure)));
    }

    void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    Future<Void> run() {
        return clear(SESSIONS).compose(done -> clear(ATTEMPTS)).compose(done -> clear(AUDIT));
    }

    private Future<Void> clear(String sql) {
        return database.transaction(connection -> connection.query(sql).execute())
                .mapEmpty();
    }
}
