package dev.sluice.runtime.sync;

import dev.sluice.model.trust.JoinToken;
import dev.sluice.runtime.RuntimeSettings;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets this runtime its identity, keeps it valid and up to date, in memory and on disk. None of it is on the way of
 * serving. For the control loop alone.
 */
final class IdentityKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityKeeper.class);

    private final Vertx vertx;
    private final RuntimeSettings settings;
    private final IdentityStore store;
    private final ControlPlaneClient client;
    private final Supplier<String> name;
    private final Events events;
    private final WorkerExecutor worker;
    private final TrustKeeper trust;
    private final Renewal renewal;
    private @Nullable Joining joining;

    /** @param name what people call this runtime */
    IdentityKeeper(
            Vertx vertx,
            RuntimeSettings settings,
            IdentityStore store,
            ControlPlaneClient client,
            ControlPlaneClock clock,
            Supplier<String> name,
            Events events) {
        this.vertx = vertx;
        this.settings = settings;
        this.store = store;
        this.client = client;
        this.name = name;
        this.events = events;
        this.worker = vertx.createSharedWorkerExecutor("sluice-identity", 1);
        this.trust = new TrustKeeper(vertx, client, store, settings.joinToken(), this::take);
        this.renewal = new Renewal(
                vertx, worker, client, store, clock, settings.joinToken() != null, () -> joining(() -> {}), this::take);
        client.onRefused(() -> trust.refresh().onComplete(done -> LOG.trace("Asked for trust after a refusal")));
    }

    /** Takes up the identity that there is, or joins; joining goes on by itself. */
    void start() {
        Identity identity = store.current();
        if (identity != null) {
            client.use(identity);
            renewal.watch(identity.life());
            return;
        }
        joining = joining(events::couldNotJoin);
        if (joining != null) {
            joining.start().onSuccess(this::take);
        }
    }

    TrustKeeper trust() {
        return trust;
    }

    /** Asks no more; completes when what is being kept is kept. */
    Future<Void> stop() {
        trust.stop();
        renewal.stop();
        if (joining != null) {
            joining.stop();
        }
        return worker.executeBlocking(() -> null);
    }

    private @Nullable Joining joining(Runnable roundFailed) {
        JoinToken token = settings.joinToken();
        return token == null
                ? null
                : new Joining(vertx, worker, settings.controlPlanes(), token, store, name.get(), roundFailed);
    }

    private void take(Identity next) {
        Identity before = store.current();
        store.take(next);
        client.use(next);
        worker.executeBlocking(() -> {
                    store.keep();
                    return true;
                })
                .onFailure(cause -> LOG.error("The identity is in use, but could not be kept", cause));
        if (before == null || !before.life().equals(next.life())) {
            renewal.watch(next.life());
        }
        events.identityChanged(before, next);
    }

    /** What the control loop is told. */
    interface Events {
        /**
         * The runtime has joined, or has another certificate or trust.
         *
         * @param before null when it has joined
         */
        void identityChanged(@Nullable Identity before, Identity now);

        /** Every configured control plane was asked to let this runtime join, and none did. */
        void couldNotJoin();
    }
}
