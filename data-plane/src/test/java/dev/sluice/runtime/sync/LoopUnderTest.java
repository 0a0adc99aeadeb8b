package dev.sluice.runtime.sync;

import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.ProxyProtocol;
import dev.sluice.runtime.RuntimeSettings;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.RuntimeSettings.TlsSettings;
import dev.sluice.runtime.TestAuthority;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.admin.Lifecycle.Phase;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.identity.StorageKey;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.metrics.CountLedger;
import dev.sluice.runtime.metrics.CountSpool;
import dev.sluice.runtime.metrics.LoopCounts;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.MinuteClock;
import dev.sluice.runtime.metrics.Propagation;
import dev.sluice.runtime.metrics.Traffic;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.LastGood;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.sync.ControlLoop.SyncStatus;
import dev.sluice.runtime.sync.ControlLoop.Timing;
import dev.sluice.runtime.sync.CountKeeper.CountParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A runtime without its proxy: the control loop as it is, and event loops on which a test counts requests. */
final class LoopUnderTest implements AutoCloseable {
    static final Timing SOON = new Timing(Duration.ofMillis(300), Duration.ofSeconds(3));
    static final Timing NEVER_POLLING = new Timing(Duration.ofHours(1), Duration.ofSeconds(3));
    private static final int EVENT_LOOPS = 3;

    private final DataDirectory directory;
    private final IdentityStore identities;
    private final Vertx control = Vertx.vertx();
    private final Vertx proxy = Vertx.vertx();
    private final SnapshotHolder holder = new SnapshotHolder();
    private final Lifecycle lifecycle = new Lifecycle();
    private final List<Context> contexts = new ArrayList<>();
    private final List<LoopCounts> counts = new ArrayList<>();
    private final UUID boot = UUID.randomUUID();
    private final ControlLoop loop;
    private boolean closed;

    private LoopUnderTest(RuntimeSettings settings, Timing timing, @Nullable Supplier<@Nullable BusIdentity> bus) {
        directory = DataDirectory.open(settings.dataDirectory());
        SealingKeys storageKeys = StorageKey.open(directory, settings.storageKey());
        identities = IdentityStore.open(directory, storageKeys);
        long startedAt = System.currentTimeMillis();
        ControlPlaneClock clock = new ControlPlaneClock(startedAt, System::nanoTime);
        MinuteClock minutes = new MinuteClock(clock.minute());
        LoopCountsRegistry registry = new LoopCountsRegistry(minutes);
        CountParts parts = new CountParts(
                registry, new CountLedger(boot, 200_000), new CountSpool(directory.spool()), new Traffic(), minutes);
        for (int i = 0; i < EVENT_LOOPS; i++) {
            String unused = proxy.deployVerticle(new VerticleBase() {
                        @Override
                        public Future<?> start() {
                            contexts.add(context);
                            counts.add(registry.forThisLoop(context));
                            return Future.succeededFuture();
                        }
                    })
                    .await();
        }
        RuntimeIdentity identity = new RuntimeIdentity(
                directory.runtimeId(), "under-test", Configurations.GROUP, "localhost", "test", boot, startedAt);
        loop = new ControlLoop(
                settings,
                timing,
                new ControlLoop.Parts(
                        identities,
                        () -> identity,
                        bus == null ? this::ownBusIdentity : bus,
                        List::of,
                        holder,
                        lifecycle,
                        parts,
                        clock,
                        new Propagation(new SimpleMeterRegistry()),
                        new LastGood(directory.lastGood(), storageKeys)));
        loop.firstServed().onSuccess(first -> {
            lifecycle.advanceTo(Phase.READY);
            loop.reportSoon();
            loop.clientsServed();
        });
    }

    static LoopUnderTest start(RuntimeSettings settings, Timing timing) {
        return start(settings, timing, null);
    }

    /** @param bus who it is on the event bus, if another than its certificate says */
    static LoopUnderTest start(RuntimeSettings settings, Timing timing, @Nullable Supplier<@Nullable BusIdentity> bus) {
        LoopUnderTest started = new LoopUnderTest(settings, timing, bus);
        String unused = started.control.deployVerticle(started.loop).await();
        return started;
    }

    static RuntimeSettings settings(Path directory, ControlPlaneDouble... controlPlanes) {
        return settings(directory, null, null, controlPlanes);
    }

    static RuntimeSettings settings(
            Path directory,
            @Nullable Path seed,
            @Nullable ClusterSettings cluster,
            ControlPlaneDouble... controlPlanes) {
        List<URI> uris =
                List.of(controlPlanes).stream().map(ControlPlaneDouble::uri).toList();
        return settings(directory, seed, cluster, TestAuthority.SHARED.token(), uris);
    }

    static RuntimeSettings settings(
            Path directory,
            @Nullable Path seed,
            @Nullable ClusterSettings cluster,
            @Nullable JoinToken token,
            List<URI> uris) {
        return new RuntimeSettings(
                uris,
                token,
                null,
                null,
                directory,
                seed,
                new HostPort("127.0.0.1", 0),
                new ProxySettings(
                        new HostPort("127.0.0.1", 0),
                        TlsSettings.OFF,
                        1,
                        Limits.DEFAULT,
                        Limits.BUFFERS,
                        List.of(),
                        ProxyProtocol.OFF,
                        DeniedNetworks.ALWAYS_DENIED,
                        Set.of(),
                        false,
                        ObservedSettings.OFF,
                        Duration.ZERO,
                        Duration.ofSeconds(1)),
                cluster);
    }

    /** Counts so many requests, spread over the event loops. */
    void record(int times, @Nullable UUID route, int code) {
        for (int i = 0; i < EVENT_LOOPS; i++) {
            int share = times / EVENT_LOOPS + (i < times % EVENT_LOOPS ? 1 : 0);
            LoopCounts own = counts.get(i);
            Promise<Void> done = Promise.promise();
            contexts.get(i).runOnContext(now -> {
                for (int n = 0; n < share; n++) {
                    own.record(route, code, 1_000 + n);
                }
                done.complete();
            });
            done.future().await();
        }
    }

    /** Counts one request of each of so many routes. */
    void recordEach(int routes) {
        Promise<Void> done = Promise.promise();
        contexts.get(0).runOnContext(now -> {
            for (int n = 0; n < routes; n++) {
                counts.get(0).record(new UUID(3, n), 200, 1_000);
            }
            done.complete();
        });
        done.future().await();
    }

    @Nullable
    CompiledSnapshot served() {
        return holder.current();
    }

    long servedRevision() {
        CompiledSnapshot served = holder.current();
        return served == null ? -1 : served.snapshot().revision().number();
    }

    /** Who it is now; fails before it has joined. */
    Identity identity() {
        Identity identity = identities.current();
        if (identity == null) {
            throw new AssertionError("Not joined yet");
        }
        return identity;
    }

    void busIdentityChanged() {
        loop.busIdentityChanged();
    }

    private @Nullable BusIdentity ownBusIdentity() {
        Identity identity = identities.current();
        return identity == null ? null : identity.bus();
    }

    SyncStatus status() {
        return loop.status();
    }

    UUID boot() {
        return boot;
    }

    /** Ends as an orderly stop does: delivers what it can, spools the rest. */
    void stopInOrder() {
        loop.finish().await();
        close();
    }

    /** Ends at once, as with a kill: nothing more is delivered or written. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            control.close().await();
            proxy.close().await();
            directory.close();
        }
    }
}
