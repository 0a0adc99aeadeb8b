package dev.sluice.control.db;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.failure.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** PostgreSQL, migrated and pooled. */
public final class Database {
    private final Pool pool;

    private Database(Pool pool) {
        this.pool = pool;
    }

    /**
     * Waits until PostgreSQL can be reached, brings the schema up to date and opens the pool. Any number of control
     * planes may do so at once.
     */
    public static Future<Database> open(Vertx vertx, ControlPlaneSettings settings) {
        throw new UnsupportedOperationException("to come");
    }

    /** For single statements; their failures are the driver's. Prefer {@link #read} and {@link #transaction}. */
    public Pool pool() {
        return pool;
    }

    /**
     * Runs reads on one connection, without a transaction.
     *
     * @return what the work returns; fails with {@link UnavailableException} when the database does not answer
     */
    public <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Runs work in one transaction, committed when its future succeeds and rolled back when it fails. After a deadlock
     * or a serialization failure the work runs again, three times in all, so it must have no other effects.
     *
     * @return what the work returns; fails with {@link UnavailableException} when the database does not answer,
     *     with a ConflictException when a unique constraint is violated
     */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Hands on the payloads of a channel's notifications (LISTEN), also after the connection was lost and made again;
     * what was notified in between is lost, so a notification is a hint and never the only way to learn of a change.
     */
    public void listen(String channel, Handler<String> payload) {
        throw new UnsupportedOperationException("to come");
    }

    public Future<Void> close() {
        return pool.close();
    }
}
