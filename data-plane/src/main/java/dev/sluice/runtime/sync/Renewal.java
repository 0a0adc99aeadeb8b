package dev.sluice.runtime.sync;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.runtime.identity.CertificateLife;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.identity.RuntimeKey;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the next certificate, with a new key each time, after two thirds of the life of the present one, and tries on
 * until there is one. A runtime that missed the end of its certificate joins anew, if it has a token. For the control
 * loop alone.
 */
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(250);
    private static final Duration MOST_PAUSE = Duration.ofMinutes(5);
    /** Timers follow a clock that stands still while the machine sleeps. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

    /** How often a certificate's life holds the pause between two warnings of one and the same failure. */
    private static final int WARNINGS_A_LIFE = 18;

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final ControlPlaneClient client;
    private final IdentityStore store;
    private final ControlPlaneClock clock;
    private final Supplier<@Nullable Joining> joining;
    private final boolean rejoins;
    private final Consumer<Identity> renewed;

    private Instant due = Instant.MAX;
    private Backoff backoff = new Backoff(LEAST_PAUSE, MOST_PAUSE);
    private @Nullable Joining rejoining;
    private long timer = -1;
    private boolean stopped;
    private String lastFailure = "";
    private Instant silentUntil = Instant.MIN;

    /**
     * @param rejoins whether there is a token to join anew with
     * @param joining joins anew; null without a token
     * @param renewed gets the identity with another certificate than before
     */
    Renewal(
            Vertx vertx,
            WorkerExecutor worker,
            ControlPlaneClient client,
            IdentityStore store,
            ControlPlaneClock clock,
            boolean rejoins,
            Supplier<@Nullable Joining> joining,
            Consumer<Identity> renewed) {
        this.vertx = vertx;
        this.worker = worker;
        this.client = client;
        this.store = store;
        this.clock = clock;
        this.rejoins = rejoins;
        this.joining = joining;
        this.renewed = renewed;
    }

    /** The runtime has this certificate now. */
    void watch(CertificateLife life) {
        due = life.renewal();
        long most = Math.min(MOST_PAUSE.toMillis(), life.length().toMillis() / 60);
        backoff = new Backoff(LEAST_PAUSE, Duration.ofMillis(Math.max(most, LEAST_PAUSE.toMillis())));
        lastFailure = "";
        silentUntil = Instant.MIN;
        sleep(until(due));
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        if (rejoining != null) {
            rejoining.stop();
        }
    }

    private void sleep(Duration pause) {
        vertx.cancelTimer(timer);
        if (!stopped) {
            long bounded = Math.min(pause.toMillis(), LONGEST_SLEEP.toMillis());
            timer = vertx.setTimer(Math.max(1, bounded), id -> check());
        }
    }

    private void check() {
        Identity identity = store.current();
        if (identity == null || until(due).toMillis() > 0) {
            sleep(until(due));
            return;
        }
        if (identity.life().isOver(now())) {
            rejoining = joining.get();
            if (rejoining != null) {
                LOG.warn(
                        "The certificate expired on {}: joining anew",
                        identity.life().notAfter());
                rejoining.start().onSuccess(this::took);
                return;
            }
        }
        renew().onSuccess(this::took).onFailure(cause -> failed(cause, identity.life()));
    }

    private Future<Identity> renew() {
        return worker.executeBlocking(() -> {
                    RuntimeKey key = RuntimeKey.random();
                    return new Asked(key, new RenewalRequest(key.certificateRequest(store.runtime())));
                })
                .compose(asked -> client.renew(asked.request())
                        .map(enrolment -> Identity.of(asked.key(), store.runtime(), enrolment)));
    }

    private void took(Identity identity) {
        rejoining = null;
        if (!stopped) {
            LOG.info("Has a certificate until {}", identity.life().notAfter());
            renewed.accept(identity);
        }
    }

    private void failed(Throwable cause, CertificateLife life) {
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(lastFailure) || now().isAfter(silentUntil)) {
            lastFailure = failure;
            silentUntil = now().plus(life.length().dividedBy(WARNINGS_A_LIFE));
            if (life.isOver(now()) && !rejoins) {
                LOG.error(
                        "The certificate expired on {}: control planes let this runtime in no more, though it serves on."
                                + " Restart it with a {} ({})",
                        life.notAfter(),
                        Setting.JOIN_TOKEN.environmentName(),
                        failure);
            } else {
                LOG.warn(
                        "The certificate, valid until {}, is not renewed yet, trying on: {}", life.notAfter(), failure);
            }
        }
        sleep(Duration.ofMillis(backoff.nextMillis()));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private Duration until(Instant moment) {
        return Duration.between(now(), moment);
    }

    /** A request for a certificate, and the key that it will be for. */
    private record Asked(RuntimeKey key, RenewalRequest request) {}
}
