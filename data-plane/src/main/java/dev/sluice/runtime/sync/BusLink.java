package dev.sluice.runtime.sync;

import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears announcements over the clustered event bus, and watches that some come: each control plane repeats every head
 * every three seconds, so when nothing is heard for long although the control plane answers over HTTP, the clustered
 * instance is closed and built anew, after longer silences if that was of no use; as it is when this runtime has become
 * somebody else on the bus. Nothing ever waits for it. For the control loop alone, but for {@link #alive}.
 */
final class BusLink {
    private static final Logger LOG = LoggerFactory.getLogger(BusLink.class);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 3;
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(60);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Context controlLoop;
    private final Supplier<@Nullable ClusteredBus> factory;
    private final Supplier<Boolean> httpWorks;
    private final Duration silence;
    private final Handler<RevisionAnnounced> announcements;

    private @Nullable ClusteredBus bus;
    private boolean changing;
    private boolean outdated;
    /** How often it was built anew since anything was heard: maybe no control plane is on the bus at all. */
    private int fruitless;

    private boolean stopped;
    private long timer = -1;
    private long quietSince;
    private volatile long heardAt;
    private volatile boolean everHeard;

    /**
     * @param factory makes a clustered instance, not joined yet; null while this runtime is nobody on the bus
     * @param httpWorks whether a control plane answered lately
     * @param silence after which the instance is built anew
     */
    BusLink(
            Vertx vertx,
            Supplier<@Nullable ClusteredBus> factory,
            Supplier<Boolean> httpWorks,
            Duration silence,
            Handler<RevisionAnnounced> announcements) {
        this.vertx = vertx;
        this.controlLoop = vertx.getOrCreateContext();
        this.factory = factory;
        this.httpWorks = httpWorks;
        this.silence = silence;
        this.announcements = announcements;
    }

    void start() {
        if (stopped) {
            return;
        }
        open();
        timer = vertx.setPeriodic(WATCH_EVERY.toMillis(), id -> watch());
    }

    /** Leaves the cluster; bounded in time and never fails. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return close();
    }

    /** The factory makes another instance from now on: joins anew with it. */
    void renew() {
        outdated = true;
        if (bus != null && !changing && !stopped) {
            joinAnew(1);
        }
    }

    /** Whether announcements come in. */
    boolean alive() {
        return everHeard && System.nanoTime() - heardAt < silence.toNanos();
    }

    private void watch() {
        if (bus == null && !changing) {
            open();
            return;
        }
        if (changing || !httpWorks.get()) {
            quietSince = System.nanoTime(); // silence means nothing then
            return;
        }
        if (alive()) {
            fruitless = 0;
            return;
        }
        Duration patience = silence.multipliedBy(1L << Math.min(fruitless, MOST_DOUBLINGS));
        if (System.nanoTime() - quietSince < patience.toNanos()) {
            return;
        }
        fruitless++;
        LOG.warn(
                "Nothing heard over the event bus for {} s though the control plane answers: joining anew",
                patience.toSeconds());
        joinAnew(1 + ThreadLocalRandom.current().nextLong(silence.toMillis() / 5 + 1));
    }

    private void joinAnew(long pauseMillis) {
        changing = true;
        vertx.timer(pauseMillis, TimeUnit.MILLISECONDS)
                .compose(now -> close())
                .onComplete(done -> controlLoop.runOnContext(now -> open()));
    }

    private void open() {
        if (stopped) {
            return;
        }
        outdated = false;
        ClusteredBus next = factory.get();
        bus = next;
        changing = next != null;
        if (next == null) {
            return;
        }
        next.join(this::received)
                .timeout(JOIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(joined -> controlLoop.runOnContext(now -> {
                    changing = false;
                    quietSince = System.nanoTime();
                    if (joined.succeeded()) {
                        LOG.info("Joined the event bus");
                    } else {
                        LOG.warn("Could not join the event bus: {}", String.valueOf(joined.cause()));
                    }
                    if (outdated && !stopped) {
                        joinAnew(1);
                    }
                }));
    }

    private Future<Void> close() {
        ClusteredBus old = bus;
        bus = null;
        if (old == null) {
            return Future.succeededFuture();
        }
        return old.close()
                .timeout(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> {
                    LOG.warn("Left the event bus without waiting longer: {}", String.valueOf(cause));
                    old.abandon();
                    return Future.succeededFuture();
                });
    }

    /** On an event loop of the clustered instance. What comes in may be anything. */
    private void received(@Nullable Object body) {
        byte[] bytes;
        if (body instanceof Buffer buffer) {
            bytes = buffer.getBytes();
        } else if (body instanceof JsonObject json) {
            bytes = json.toBuffer().getBytes();
        } else {
            return;
        }
        try {
            RevisionAnnounced announced = WireJson.read(RevisionAnnounced.class, bytes);
            heardAt = System.nanoTime();
            everHeard = true;
            controlLoop.runOnContext(now -> announcements.handle(announced));
        } catch (IllegalArgumentException e) {
            LOG.debug("Not an announcement: {}", e.getMessage());
        }
    }
}
