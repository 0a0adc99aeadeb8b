package dev.sluice.control.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.Callable;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date at start, and waits for PostgreSQL to be there. Flyway takes an advisory lock, so any
 * number of control planes may start at once; a schema newer than this release is left as it is.
 */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    /** Connection exceptions, and "the database system is starting up" or shutting down. */
    private static final Set<String> NOT_THERE_YET =
            Set.of("08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "53300");

    private final Vertx vertx;
    private final PostgresAddress address;

    Migrations(Vertx vertx, PostgresAddress address) {
        this.vertx = vertx;
        this.address = address;
    }

    /** Tries until PostgreSQL can be reached; fails at once where trying again would not help. */
    Future<Void> run() {
        return attempt(0);
    }

    private Future<Void> attempt(int failures) {
        Callable<@Nullable Void> migration = () -> {
            migrate(address);
            return null;
        };
        return vertx.<Void>executeBlocking(migration).recover(failure -> {
            if (!isNotThereYet(failure)) {
                return Future.failedFuture(failure);
            }
            if (failures == 0) {
                LOG.warn("PostgreSQL at {} does not answer yet, waiting for it: {}", address.shown(), rootOf(failure));
            }
            Promise<Void> pause = Promise.promise();
            vertx.setTimer(Backoff.millis(failures, 2000), fired -> pause.complete());
            return pause.future().compose(waited -> attempt(failures + 1));
        });
    }

    /** Blocks until the schema is up to date. */
    static void migrate(PostgresAddress address) {
        int applied = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(
                        address.jdbcUrl(),
                        address.options().getUser(),
                        address.options().getPassword())
                .locations("classpath:db/migration")
                .failOnMissingLocations(true)
                .loggers("slf4j")
                .load()
                .migrate()
                .migrationsExecuted;
        LOG.info("The schema at {} is up to date ({} migrations applied)", address.shown(), applied);
    }

    private static boolean isNotThereYet(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && NOT_THERE_YET.contains(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
