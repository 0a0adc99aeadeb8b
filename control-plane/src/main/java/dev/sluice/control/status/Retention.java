package dev.sluice.control.status;

import dev.sluice.control.db.Database;
import dev.sluice.control.status.RolledTable.Partition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a minute: partitions are made ahead of time, old ones go, and so do runtimes that have been gone for a day. Any
 * number of control planes may run it; one at a time does the work. Nothing depends on its being in time, because what
 * no partition is there for lands in the default partition.
 */
public final class Retention {
    /** Reports of older minutes are not accepted. */
    public static final Duration ACCEPTED = Duration.ofDays(90);

    static final Duration FORGET_RUNTIMES_AFTER = Duration.ofHours(24);
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final long PERIOD_MS = 60_000;

    private final Vertx vertx;
    private final Database database;
    private final PartitionStore store = new PartitionStore();
    private long timer = -1;

    public Retention(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Runs at once and then every minute. The first run's failure is logged like any other's. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(PERIOD_MS, id -> {
            Future<Void> ignored = tick();
        });
        return tick();
    }

    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    private Future<Void> tick() {
        return database.read(store::now).compose(this::run).otherwise(failure -> {
            log.warn("Partitions were not kept up, next try in a minute: {}", failure.toString());
            return null;
        });
    }

    /** Does what is due at this moment, table by table; what fails is logged and keeps nothing else from being done. */
    public Future<Void> run(Instant now) {
        return PartitionStore.inOrder(RolledTable.ALL, table -> logged(table.name(), keepUp(table, now)))
                .compose(done -> logged(
                        "runtime",
                        database.transaction(
                                connection -> store.forgetRuntimes(connection, now.minus(FORGET_RUNTIMES_AFTER)))));
    }

    private static Future<Void> logged(String table, Future<?> work) {
        return work.<Void>mapEmpty().otherwise(failure -> {
            log.warn("Table {} was not kept up, next try in a minute: {}", table, failure.toString());
            return null;
        });
    }

    private Future<Void> keepUp(RolledTable table, Instant now) {
        return database.transaction(connection -> store.tryLock(connection, table)
                .compose(locked -> locked
                        ? store.partitions(connection, table)
                                .compose(present -> change(connection, table, present, now))
                        : Future.succeededFuture()));
    }

    private Future<Void> change(SqlConnection connection, RolledTable table, List<String> present, Instant now) {
        List<Partition> missing = table.wantedAt(now).stream()
                .filter(partition -> !Set.copyOf(present).contains(partition.name()))
                .toList();
        // Names sort by time, so the partition that holds the oldest row to keep separates the old from the others.
        String oldest = table.partitionAt(table.oldestKept(now)).name();
        List<String> expired =
                present.stream().filter(name -> name.compareTo(oldest) < 0).toList();
        if (missing.isEmpty() && expired.isEmpty()) {
            return Future.succeededFuture();
        }
        boolean minutes = table.equals(RolledTable.MINUTES);
        Future<Void> prepared = minutes ? store.noteLastReported(connection) : Future.succeededFuture();
        return prepared.compose(done -> store.lockTable(connection, table))
                .compose(done ->
                        PartitionStore.inOrder(missing, partition -> store.create(connection, table, partition)))
                .compose(done -> PartitionStore.inOrder(
                        expired,
                        name -> minutes ? store.dropMinutes(connection, name) : store.drop(connection, table, name)))
                .compose(done -> minutes
                        ? store.cleanDefaultMinutes(connection, table.oldestKept(now), now.minus(ACCEPTED))
                        : store.cleanDefault(connection, table, table.oldestKept(now)));
    }
}
