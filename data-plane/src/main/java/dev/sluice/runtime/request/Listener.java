package dev.sluice.runtime.request;

import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.atomic.AtomicInteger;

/** What one event loop owns: its part of the listening socket, its connections and its upstream clients. */
final class Listener extends VerticleBase {
    Listener(
            ProxySettings settings,
            SnapshotHolder snapshots,
            LoopCountsRegistry counts,
            Lifecycle lifecycle,
            ProxyMeters meters,
            AtomicInteger inFlight,
            Promise<Integer> port) {}

    @Override
    public Future<?> start() {
        return Future.succeededFuture();
    }
}
