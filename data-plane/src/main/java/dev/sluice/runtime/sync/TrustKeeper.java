package dev.sluice.runtime.sync;

import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.wire.Trust;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.snapshot.SnapshotTrust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this runtime trusts, asked for anew when a control plane says that it has changed or when something is refused
 * that a newer trust might let in; never more often than every five seconds. For the control loop alone.
 */
final class TrustKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(TrustKeeper.class);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ControlPlaneClient client;
    private final IdentityStore store;
    private final @Nullable JoinToken token;
    private final Consumer<Identity> changed;

    private Future<Void> underWay = Future.succeededFuture();
    private boolean everAsked;
    private long askedNanos;
    private long timer = -1;
    private boolean stopped;
    private String lastFailure = "";

    /**
     * @param token what there is to trust before the runtime has joined, or null
     * @param changed gets the identity with another trust than before
     */
    TrustKeeper(
            Vertx vertx,
            ControlPlaneClient client,
            IdentityStore store,
            @Nullable JoinToken token,
            Consumer<Identity> changed) {
        this.vertx = vertx;
        this.client = client;
        this.store = store;
        this.token = token;
        this.changed = changed;
    }

    /** Null until the runtime has joined. */
    @Nullable
    Trust current() {
        Identity identity = store.current();
        return identity == null ? null : identity.trust();
    }

    /** Which snapshots may be served; null where there is nothing to tell it by. */
    @Nullable
    SnapshotTrust ofSnapshots() {
        Trust trust = current();
        if (trust != null) {
            return SnapshotTrust.of(trust);
        }
        return token == null ? null : SnapshotTrust.of(token);
    }

    /** A control plane says that this is the version to have; null where it does not say. */
    void isAt(@Nullable String version) {
        Trust trust = current();
        if (version != null && trust != null && !version.equals(trust.version())) {
            refresh().onComplete(done -> LOG.trace("Asked for trust {}", version));
        }
    }

    /**
     * Asks anew, or as soon as that is due. Completes when what came is in place; at once when it is not due yet. Never
     * fails.
     */
    Future<Void> refresh() {
        if (!underWay.isComplete() || stopped || store.current() == null) {
            return underWay;
        }
        long wait = LEAST_PAUSE.toNanos() - (System.nanoTime() - askedNanos);
        if (everAsked && wait > 0) {
            if (timer < 0) {
                timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(wait) + 1, id -> {
                    timer = -1;
                    refresh().onComplete(done -> LOG.trace("Asked for trust when it was due"));
                });
            }
            return Future.succeededFuture();
        }
        everAsked = true;
        askedNanos = System.nanoTime();
        underWay = client.trust().map(this::take).otherwise(this::failed);
        return underWay;
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private @Nullable Void take(Trust trust) {
        lastFailure = "";
        Identity now = store.current();
        if (now != null && !stopped && !now.trust().equals(trust)) {
            changed.accept(now.with(trust));
            LOG.info("Trusts version {} of what control planes tell, for group {}", trust.version(), trust.group());
        }
        return null;
    }

    private @Nullable Void failed(Throwable cause) {
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            LOG.warn("Cannot ask what to trust, what was trusted stays: {}", failure);
        }
        return null;
    }
}
