package dev.sluice.control.trust;

import dev.sluice.control.db.Database;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.trust.ExpiryStore.Late;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in time what is going to expire: always in the metrics, and once a day in the log what is near its end and does
 * not renew itself, or should have renewed itself and has not.
 */
public final class ExpiryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);
    private static final long LOOK_MS = 60_000;
    private static final Duration NEAR = Duration.ofDays(30);
    private static final Duration AGAIN = Duration.ofDays(1);

    private final Vertx vertx;
    private final Database database;
    private final PlaneTrust trust;
    private final ControlPlaneMeters meters;
    private final ExpiryStore store = new ExpiryStore();
    private final Map<String, Instant> warned = new ConcurrentHashMap<>();
    private @Nullable Instant cleared;
    private long timer = -1;

    public ExpiryWatch(Vertx vertx, Database database, PlaneTrust trust, ControlPlaneMeters meters) {
        this.vertx = vertx;
        this.database = database;
        this.trust = trust;
        this.meters = meters;
    }

    public void start() {
        timer = vertx.setPeriodic(1000, LOOK_MS, id -> look(Instant.now())
                .onFailure(failure -> LOG.debug("What expires was not looked up, next try follows", failure)));
    }

    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    Future<Void> look(Instant now) {
        Map<String, Instant> ends = new LinkedHashMap<>();
        ends.put("authority", end(trust.authorities().api()));
        ends.put("bus_authority", end(trust.authorities().bus()));
        ends.put("signing_key", trust.signingKeys().notAfter());
        ends.put("runtime_api", trust.server().notAfter());
        warned.values().removeIf(at -> at.isBefore(now.minus(AGAIN)));
        near("certificate authority for runtimes", ends.get("authority"), now);
        near("certificate authority of the event bus", ends.get("bus_authority"), now);
        near("certificate of the snapshot signing key", ends.get("signing_key"), now);
        return database.read(client -> store.soonest(client).compose(soonest -> {
                    if (soonest != null) {
                        ends.put("runtime", soonest);
                    }
                    meters.certificates(ends);
                    return store.late(client);
                }))
                .compose(late -> {
                    late(late, now);
                    return clear(now);
                });
    }

    private void near(String what, @Nullable Instant end, Instant now) {
        if (end != null && now.plus(NEAR).isAfter(end) && warned.putIfAbsent(what, now) == null) {
            LOG.warn("The {} expires on {}: replace it before that", what, end);
        }
    }

    private void late(List<Late> late, Instant now) {
        for (Late one : late) {
            if (warned.putIfAbsent(one.runtime(), now) == null) {
                LOG.warn(
                        "Runtime {} should have renewed its certificate, which expires on {}; its log says why not",
                        one.runtime(),
                        one.notAfter());
            }
        }
    }

    /** Once a day. */
    private Future<Void> clear(Instant now) {
        Instant last = cleared;
        if (last != null && last.isAfter(now.minus(AGAIN))) {
            return Future.succeededFuture();
        }
        cleared = now;
        return database.read(store::clear).mapEmpty();
    }

    private static Instant end(Authority authority) {
        return authority.certificate().getNotAfter().toInstant();
    }
}
