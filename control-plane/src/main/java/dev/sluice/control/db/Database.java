package dev.sluice.control.db;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, migrated and pooled. Connections come back by themselves after an outage; while it lasts, work fails with
 * {@link UnavailableException} within seconds.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int RUNS = 3;

    private final Pool pool;
    private final Notifications notifications;
    private final Limits limits;
    private final String shown;
    private final AtomicBoolean answers = new AtomicBoolean(true);

    private Database(Vertx vertx, PostgresAddress address, int poolSize, Limits limits) {
        this.limits = limits;
        this.shown = address.shown();
        this.pool = pool(vertx, address, "sluice", poolSize, limits);
        this.notifications = new Notifications(vertx, pool(vertx, address, "sluice-listen", 1, limits), limits);
    }

    /**
     * Waits until PostgreSQL can be reached, brings the schema up to date and opens the pool. Any number of control
     * planes may do so at once.
     */
    public static Future<Database> open(Vertx vertx, ControlPlaneSettings settings) {
        return open(vertx, settings, Limits.DEFAULT);
    }

    static Future<Database> open(Vertx vertx, ControlPlaneSettings settings, Limits limits) {
        PostgresAddress address = PostgresAddress.parse(settings.postgresUri());
        return new Migrations(vertx, address)
                .run()
                .map(migrated -> new Database(vertx, address, settings.postgresPoolSize(), limits));
    }

    /** For single statements; their failures are the driver's. Prefer {@link #read} and {@link #transaction}. */
    public Pool pool() {
        return pool;
    }

    /**
     * Runs reads on one connection, each statement by itself.
     *
     * @return what the work returns; fails with {@link UnavailableException} when the database does not answer
     */
    public <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
        return limited(onConnection(connection -> start(work, connection)));
    }

    /**
     * Runs work in one transaction, committed when its future succeeds and rolled back when it fails. After a deadlock
     * or a serialization failure the work runs again, three times in all, so it must have no other effects.
     *
     * @return what the work returns; fails with {@link UnavailableException} when the database does not answer: then
     *     nothing was written, unless the answer to the commit itself was lost. Fails with {@link ConflictException}
     *     when a declared name or id is taken
     */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        AtomicBoolean abandoned = new AtomicBoolean();
        return limited(run(work, abandoned, 1)).onFailure(failure -> abandoned.set(true));
    }

    /**
     * Hands on the payloads of a channel's notifications (LISTEN), also after the connection was lost and made again;
     * what was notified in between is lost, so a notification is a hint and never the only way to learn of a change.
     */
    public void listen(String channel, Handler<String> payload) {
        notifications.listen(channel, payload);
    }

    public Future<Void> close() {
        return Future.join(notifications.close(), pool.close()).mapEmpty();
    }

    private <T> Future<T> run(Function<SqlConnection, Future<T>> work, AtomicBoolean abandoned, int nth) {
        return onConnection(connection -> inTransaction(connection, work, abandoned))
                .recover(failure -> SqlFailures.mayRunAgain(failure) && nth < RUNS && !abandoned.get()
                        ? run(work, abandoned, nth + 1)
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> onConnection(Function<SqlConnection, Future<T>> work) {
        return pool.getConnection()
                .recover(failure -> Future.failedFuture(
                        new TimeoutException("No connection to " + shown + ": " + failure.getMessage())))
                .compose(connection -> work.apply(connection).onComplete(done -> connection.close()));
    }

    private static <T> Future<T> inTransaction(
            SqlConnection connection, Function<SqlConnection, Future<T>> work, AtomicBoolean abandoned) {
        return connection.begin().compose(transaction -> start(work, connection).transform(result -> {
            if (result.succeeded() && !abandoned.get()) {
                return transaction.commit().map(committed -> result.result());
            }
            return rollback(
                    transaction, result.succeeded() ? new TimeoutException("The work took too long") : result.cause());
        }));
    }

    private static <T> Future<T> rollback(Transaction transaction, Throwable failure) {
        return transaction.rollback().transform(rolledBack -> Future.failedFuture(failure));
    }

    /** What the work throws fails the future, as what its own future fails with. */
    private static <T> Future<T> start(Function<SqlConnection, Future<T>> work, SqlConnection connection) {
        return Future.succeededFuture(connection).compose(work);
    }

    private <T> Future<T> limited(Future<T> work) {
        return work.timeout(limits.work().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(done -> answered())
                .recover(failure -> inWordsOfTheDomain(failure).compose(Future::failedFuture));
    }

    private Future<Throwable> inWordsOfTheDomain(Throwable failure) {
        if (SqlFailures.isUnavailable(failure)) {
            if (answers.compareAndSet(true, false)) {
                LOG.warn("PostgreSQL at {} does not answer: {}", shown, String.valueOf(failure));
            }
            return Future.succeededFuture(new UnavailableException("The database does not answer just now."));
        }
        answered();
        if (SqlFailures.mayRunAgain(failure)) {
            return Future.succeededFuture(
                    new UnavailableException("Others change the same things just now, nothing was written."));
        }
        if (SqlFailures.isUniqueViolation(failure)) {
            return Conflicts.explain(pool, (PgException) failure);
        }
        if (SqlFailures.isForeignKeyViolation(failure)) {
            return Future.succeededFuture(new ConflictException(
                    "What this refers to was deleted meanwhile, or something still refers to it. Read it again."));
        }
        if (SqlFailures.isUnstorableData(failure)) {
            LOG.warn("PostgreSQL refuses a value", failure);
            return Future.succeededFuture(new InvalidConfigurationException(
                    List.of(new Violation("", "invalid", "The request has a value that cannot be stored."))));
        }
        return Future.succeededFuture(failure);
    }

    private void answered() {
        if (answers.compareAndSet(false, true)) {
            LOG.info("PostgreSQL at {} answers again", shown);
        }
    }

    private static Pool pool(Vertx vertx, PostgresAddress address, String name, int size, Limits limits) {
        PgConnectOptions options = new PgConnectOptions(address.options())
                .addProperty("application_name", name)
                .addProperty(
                        "statement_timeout", Long.toString(limits.statement().toMillis()))
                .addProperty(
                        "idle_in_transaction_session_timeout",
                        Long.toString(limits.silence().toMillis()));
        options.setCachePreparedStatements(true);
        NetClientOptions network = new NetClientOptions()
                .setTcpKeepAlive(true)
                .setConnectTimeout(Math.toIntExact(limits.connect().toMillis()))
                .setReadIdleTimeout(Math.toIntExact(limits.silence().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        PoolOptions sizes = new PoolOptions()
                .setMaxSize(size)
                .setConnectionTimeout(Math.toIntExact(limits.acquire().toMillis()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(options)
                .with(network)
                .with(sizes)
                .build();
    }
}
