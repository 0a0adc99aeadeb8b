package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.fleet.FleetGate;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.fleet.RuntimeProgress;
import dev.sluice.control.metrics.ControlPlaneMeters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runtimes there are and what they serve, by the database and its clock; so every control plane says the same.
 * Writes that wait for the fleet wait here: one query answers all of them, at once when a runtime's report changes what
 * it serves, and every 250 ms while somebody waits.
 *
 * <p>While no control plane was up, or none had a database, nobody heard the runtimes: for the time in which they report
 * again, writes wait also for those that only seem to be gone.
 */
public final class RuntimeDirectory implements FleetGate {
    private static final Logger log = LoggerFactory.getLogger(RuntimeDirectory.class);
    private static final long CHECK_MS = 250;
    private static final long GAUGES_MS = 5000;
    private static final long HEARD_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

    private final Vertx vertx;
    private final Database database;
    private final ControlPlaneMeters meters;
    private final LongSupplier nanos;
    private final DirectoryStore store = new DirectoryStore();
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final Object turn = new Object();
    private boolean checking;
    private boolean again;
    private long checkTimer = -1;
    private long gaugeTimer = -1;
    private volatile long listeningSince;
    private volatile boolean databaseLost;

    public RuntimeDirectory(Vertx vertx, Database database, ControlPlaneMeters meters) {
        this(vertx, database, meters, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward */
    RuntimeDirectory(Vertx vertx, Database database, ControlPlaneMeters meters, LongSupplier nanos) {
        this.vertx = vertx;
        this.database = database;
        this.meters = meters;
        this.nanos = nanos;
        this.listeningSince = nanos.getAsLong();
    }

    /** Begins to listen for what runtimes report, on any control plane. */
    public void start() {
        listeningSince = nanos.getAsLong();
        database.listen(DirectoryStore.CHANNEL, group -> check());
        checkTimer = vertx.setPeriodic(CHECK_MS, id -> check());
        gaugeTimer = vertx.setPeriodic(0, GAUGES_MS, id -> count());
    }

    public void stop() {
        for (long timer : new long[] {checkTimer, gaugeTimer}) {
            boolean ignored = vertx.cancelTimer(timer);
        }
    }

    /** A write in wait. What it last saw is answered when its time is over. */
    private static final class Waiter {
        private final Map<UUID, Head> heads;
        private final Promise<List<RuntimeProgress>> done = Promise.promise();
        private volatile @Nullable List<RuntimeProgress> seen;
        private volatile boolean late;

        private Waiter(List<Head> heads) {
            this.heads = heads.stream().collect(Collectors.toMap(Head::groupId, head -> head, Waiter::later));
        }

        private static Head later(Head one, Head other) {
            return one.revision().isAfter(other.revision()) ? one : other;
        }

        private void see(List<DirectoryEntry> entries, boolean maybeUnheard) {
            List<RuntimeProgress> progress = entries.stream()
                    .filter(entry -> heads.containsKey(entry.groupId()))
                    .filter(entry -> !entry.isGone() || (maybeUnheard && entry.mayReturn()))
                    .map(entry -> entry.progress(Objects.requireNonNull(heads.get(entry.groupId()))))
                    .toList();
            seen = progress;
            if (late || progress.stream().allMatch(RuntimeProgress::serving)) {
                boolean ignored = done.tryComplete(progress);
            }
        }

        private void timeIsOver() {
            List<RuntimeProgress> last = seen;
            boolean ignored = last != null
                    ? done.tryComplete(last)
                    : done.tryFail(new UnavailableException(
                            "What was written is committed, but whether runtimes serve it cannot be told: the database"
                                    + " does not answer just now."));
        }
    }

    @Override
    public Future<List<RuntimeProgress>> awaitServing(List<Head> heads, Duration atMost) {
        if (heads.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Waiter waiter = new Waiter(heads);
        waiters.add(waiter);
        long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), id -> firstSight(waiter));
        check();
        return waiter.done.future().andThen(result -> {
            waiters.remove(waiter);
            boolean ignored = vertx.cancelTimer(timer);
        });
    }

    /** With a wait of 0 seconds the time is over before the first answer: that one is waited for, but not for long. */
    private void firstSight(Waiter waiter) {
        if (waiter.seen != null) {
            waiter.timeIsOver();
        } else {
            waiter.late = true;
            long ignored = vertx.setTimer(2000, id -> waiter.timeIsOver());
        }
    }

    /** One query at a time; a call that comes during one has another follow it. */
    private void check() {
        if (waiters.isEmpty()) {
            return;
        }
        synchronized (turn) {
            again = checking;
            if (checking) {
                return;
            }
            checking = true;
        }
        List<Waiter> asked = List.copyOf(waiters);
        Set<UUID> groups = new HashSet<>();
        asked.forEach(waiter -> groups.addAll(waiter.heads.keySet()));
        database.read(connection -> store.entriesOf(connection, groups)).onComplete(result -> {
            answered(result.succeeded());
            if (result.succeeded()) {
                boolean maybeUnheard = nanos.getAsLong() - listeningSince < HEARD_AGAIN_NANOS;
                asked.forEach(waiter -> waiter.see(result.result(), maybeUnheard));
            } else {
                log.debug("The directory was not read, next try follows", result.cause());
            }
            boolean repeat;
            synchronized (turn) {
                checking = false;
                repeat = again;
                again = false;
            }
            if (repeat) {
                check();
            }
        });
    }

    /** Runtimes' reports did not arrive either while the database was away. */
    private void answered(boolean byDatabase) {
        if (byDatabase && databaseLost) {
            listeningSince = nanos.getAsLong();
        }
        databaseLost = !byDatabase;
    }

    private void count() {
        database.read(store::counts)
                .onComplete(result -> answered(result.succeeded()))
                .onSuccess(meters::runtimes)
                .onFailure(failure -> log.debug("Runtimes were not counted", failure));
    }
}
