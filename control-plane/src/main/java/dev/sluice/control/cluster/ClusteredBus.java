package dev.sluice.control.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus that announcements go over, in a Vert.x instance of its own which has joined the cluster. It is built
 * in the background and built anew when it fails or its member is found dead, with a pause of 1 s that doubles up to
 * 30 s. While there is none, announcements are dropped: runtimes poll. It speaks mutual TLS alone: as long as nobody says
 * who this process is on the bus, it opens no port.
 *
 * <p>Joining and leaving run on plain threads. What a closing Vert.x instance answers would otherwise be for one of its
 * own event loops, which are gone by then, and nobody would ever hear it.
 */
public final class ClusteredBus {
    private static final Logger log = LoggerFactory.getLogger(ClusteredBus.class);
    private static final long FIRST_PAUSE_MS = 1000;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final long WATCH_MS = 3000;
    private static final long CLOSE_SECONDS = 10;

    private final Vertx vertx;
    private final Context context;
    private final ClusterSettings settings;
    private final Supplier<@Nullable BusIdentity> identity;
    private final Promise<Void> firstJoin = Promise.promise();
    private volatile @Nullable Joined joined;
    private volatile boolean closed;
    private final AtomicInteger failures = new AtomicInteger();
    private long pause = FIRST_PAUSE_MS;
    private volatile long watch = -1;
    /** Rises with each renewal, so that an instance which was being built meanwhile is known to be of before it. */
    private int renewals;

    private boolean waitsForIdentity;

    private record Joined(Vertx vertx, HazelcastClusterManager manager) {
        private boolean isAlive() {
            HazelcastInstance member = manager.getHazelcastInstance();
            return manager.isActive() && member.getLifecycleService().isRunning();
        }
    }

    /**
     * @param vertx whose timers watch over the bus; not the clustered one
     * @param identity who this process is on the bus, asked each time that it is built; null: nobody yet
     */
    public ClusteredBus(Vertx vertx, ClusterSettings settings, Supplier<@Nullable BusIdentity> identity) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
        this.identity = identity;
    }

    /** Returns at once. */
    public void start() {
        context.runOnContext(v -> {
            watch = vertx.setPeriodic(WATCH_MS, id -> watch());
            build();
        });
    }

    /**
     * Builds it anew because this process is somebody else on the bus now, its certificate having been renewed or its
     * authorities changed; to be called when the supplier gives the new identity. Returns at once. Announcements of the
     * seconds that it takes are dropped.
     */
    public void renew() {
        context.runOnContext(v -> {
            renewals++;
            Joined now = joined;
            if (now != null && !closed) {
                joined = null;
                discard(now).onComplete(done -> build());
            }
        });
    }

    /** Completes when it has joined for the first time. */
    public Future<Void> firstJoin() {
        return firstJoin.future();
    }

    /** How often building it failed. */
    int failures() {
        return failures.get();
    }

    /** Members of the cluster, this one included; 0 while it has not joined. */
    public int members() {
        Joined now = joined;
        return now == null || !now.isAlive()
                ? 0
                : now.manager.getHazelcastInstance().getCluster().getMembers().size();
    }

    /** Sends if it can; never waits, never throws. */
    public void announce(RevisionAnnounced announcement) {
        Joined now = joined;
        if (now == null) {
            return;
        }
        try {
            EventBus ignored = now.vertx
                    .eventBus()
                    .publish(RevisionAnnounced.ADDRESS, Buffer.buffer(WireJson.bytes(announcement)));
        } catch (RuntimeException e) {
            log.debug("An announcement was not sent", e);
        }
    }

    private void build() {
        if (closed) {
            return;
        }
        BusIdentity self = identity.get();
        if (self == null) {
            if (!waitsForIdentity) {
                log.info("The event bus waits for a certificate of its own");
            }
            waitsForIdentity = true;
            long ignored = vertx.setTimer(FIRST_PAUSE_MS, id -> build());
            return;
        }
        waitsForIdentity = false;
        int before = renewals;
        onThread("sluice-bus-join", () -> join(self)).onComplete(result -> {
            if (result.failed()) {
                int ignored = failures.incrementAndGet();
                log.warn("The event bus has not joined its cluster, next try in {} ms", pause, result.cause());
                buildLater();
            } else {
                takeOver(result.result(), before == renewals);
            }
        });
    }

    private Joined join(BusIdentity self) {
        HazelcastClusterManager manager = new HazelcastClusterManager(MemberConfig.member(settings));
        Vertx clustered = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1).setEventBusOptions(MemberConfig.bus(settings, self)))
                .withClusterManager(manager)
                .buildClustered()
                .await();
        // A message that reaches not one of several nodes fails several times, which Vert.x takes for an error of ours.
        clustered.exceptionHandler(failure -> log.debug("On the event bus", failure));
        return new Joined(clustered, manager);
    }

    /** The future completes on the context of this bus. */
    private <T> Future<T> onThread(String name, Callable<T> work) {
        Promise<T> promise = Promise.promise();
        Thread thread = new Thread(
                () -> {
                    try {
                        T value = work.call();
                        context.runOnContext(v -> promise.complete(value));
                    } catch (Exception failure) {
                        context.runOnContext(v -> promise.fail(failure));
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return promise.future();
    }

    private void takeOver(Joined built, boolean current) {
        pause = FIRST_PAUSE_MS;
        if (!current && !closed) {
            discard(built).onComplete(done -> build());
            return;
        }
        joined = built;
        if (closed) {
            discard(built).onComplete(done -> log.debug("The event bus joined after its end"));
            return;
        }
        log.info("The event bus has joined its cluster: {} member(s)", members());
        boolean ignored = firstJoin.tryComplete();
    }

    private void buildLater() {
        long ignored = vertx.setTimer(pause, id -> build());
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }

    private void watch() {
        Joined now = joined;
        if (now != null && !closed && !now.isAlive()) {
            log.warn("The event bus's cluster member is dead, it is built anew");
            joined = null;
            discard(now).onComplete(done -> buildLater());
        }
    }

    private Future<Void> discard(Joined old) {
        return onThread("sluice-bus-leave", () -> old.vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS))
                .otherwise(failure -> {
                    log.warn("The event bus was not closed orderly: {}", failure.toString());
                    return null;
                });
    }

    /** Leaves the cluster. Never fails. */
    public Future<Void> close() {
        closed = true;
        boolean ignored = vertx.cancelTimer(watch);
        Joined now = joined;
        joined = null;
        return now == null ? Future.succeededFuture() : discard(now);
    }
}
