package dev.sluice.runtime.sync;

import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.Report.TargetState;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.Trust;
import dev.sluice.runtime.RuntimeSettings;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.admin.Lifecycle.Phase;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.metrics.Propagation;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.LastGood;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.sync.CountKeeper.CountParts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The single-threaded loop that ties a runtime to its control planes: follower, reporter and bus on one event loop, none
 * that serves clients. Deployed once; {@link #status}, {@link #reportSoon} and {@link #finish} may be called by any
 * thread.
 */
public final class ControlLoop extends VerticleBase implements SnapshotFollower.Events, IdentityKeeper.Events {
    private static final Duration REPORT_FRESHNESS = Duration.ofSeconds(3);

    private final RuntimeSettings settings;
    private final Timing timing;
    private final Parts parts;
    private final Promise<CompiledSnapshot> firstServed = Promise.promise();
    private @Nullable Running running;

    public ControlLoop(RuntimeSettings settings, Timing timing, Parts parts) {
        this.settings = settings;
        this.timing = timing;
        this.parts = parts;
    }

    /** Completes once the last good snapshot, if there is one, is served; the rest goes on by itself. */
    @Override
    public Future<?> start() {
        ControlPlaneClient client = new ControlPlaneClient(vertx, settings.controlPlanes());
        IdentityKeeper identity = new IdentityKeeper(
                vertx,
                settings,
                parts.identities(),
                client,
                parts.clock(),
                () -> parts.identity().get().name(),
                this);
        CountKeeper counts = new CountKeeper(vertx, parts.counts(), parts.clock());
        SnapshotFollower follower = follower(client, identity.trust());
        Reporter reporter = new Reporter(
                vertx,
                client,
                parts.identity(),
                this::state,
                counts,
                parts.clock(),
                answer -> answered(follower, identity.trust(), answer));
        ClusterSettings cluster = settings.cluster();
        BusLink bus = cluster == null
                ? null
                : new BusLink(
                        vertx,
                        () -> clusteredBus(cluster),
                        () -> reporter.answeredWithin(REPORT_FRESHNESS),
                        timing.busSilence(),
                        announced -> announced(follower, announced));
        running = new Running(identity, follower, reporter, counts, bus);
        identity.start();
        counts.loadSpool().onComplete(loaded -> reporter.start());
        return follower.start();
    }

    private SnapshotFollower follower(ControlPlaneClient client, TrustKeeper trust) {
        SnapshotIntake intake = new SnapshotIntake(
                new SnapshotCompiler(() -> Instant.ofEpochMilli(parts.clock().millis())),
                parts.lastGood(),
                trust,
                vertx.createSharedWorkerExecutor("sluice-snapshots", 1));
        return new SnapshotFollower(
                vertx, client, intake, parts.holder(), trust, parts.clock(), timing.poll(), settings.seed(), this);
    }

    /** At once: what is not delivered or kept by now, is not. {@link #finish} comes before it in an orderly stop. */
    @Override
    public Future<?> stop() {
        Running all = running();
        all.reporter.halt();
        Future<Void> left = all.bus == null ? Future.succeededFuture() : all.bus.stop();
        return Future.join(all.follower.stop(), all.identity.stop(), left);
    }

    /** The first snapshot that is in place, whenever that is. */
    public Future<CompiledSnapshot> firstServed() {
        return firstServed.future();
    }

    /** Clients are served: what can wait for that, and would hold it up, is done now. Joins the event bus, if there is to be one. */
    public void clientsServed() {
        context.runOnContext(now -> {
            running().follower.clientsServed();
            BusLink bus = running().bus;
            if (bus != null) {
                bus.start();
            }
        });
    }

    /** This runtime is somebody else on the event bus from now on. */
    void busIdentityChanged() {
        context.runOnContext(now -> {
            BusLink bus = running().bus;
            if (bus != null) {
                bus.renew();
            }
        });
    }

    /** The state has changed: say so without waiting for the next second. */
    public void reportSoon() {
        context.runOnContext(now -> running().reporter.reportSoon());
    }

    /** Delivers everything that was counted and leaves the cluster; bounded in time, never fails. */
    public Future<Void> finish() {
        Promise<Void> finished = Promise.promise();
        context.runOnContext(now -> {
            Running all = running();
            all.follower
                    .stop()
                    .transform(done -> all.reporter.finish())
                    .transform(done -> all.identity.stop())
                    .transform(done -> all.bus == null ? Future.succeededFuture() : all.bus.stop())
                    .onComplete(done -> finished.complete());
        });
        return finished.future();
    }

    public SyncStatus status() {
        Running all = running;
        return all == null
                ? new SyncStatus(null, null, false, false, 0)
                : new SyncStatus(
                        all.follower.refusal(),
                        all.follower.head(),
                        all.bus != null && all.bus.alive(),
                        all.reporter.answeredWithin(REPORT_FRESHNESS),
                        all.counts.unacknowledgedRows());
    }

    @Override
    public void served(CompiledSnapshot compiled) {
        parts.propagation().served(compiled.snapshot().revision());
        parts.counts().traffic().nameRoutes(compiled.routes().routes());
        boolean first = firstServed.tryComplete(compiled);
        if (!first) {
            running().reporter.reportSoon();
        }
    }

    @Override
    public void refusalChanged() {
        running().reporter.reportSoon();
    }

    @Override
    public void headMoved(Revision head) {
        parts.propagation().heard(head);
    }

    @Override
    public void identityChanged(@Nullable Identity before, Identity now) {
        Running all = running();
        all.follower.trustChanged();
        if (before == null) {
            all.reporter.reportSoon();
        }
        if (before == null || !before.isOnTheBusAs(now)) {
            busIdentityChanged();
        }
    }

    @Override
    public void couldNotJoin() {
        running().follower.couldNotJoin();
    }

    private void answered(SnapshotFollower follower, TrustKeeper trust, ReportAnswer answer) {
        trust.isAt(answer.trust());
        follower.headIs(new Revision(Math.max(1, answer.epoch()), answer.revision()));
    }

    /**
     * Null while this runtime is nobody on the bus, or there is nobody to join. The settings' members go before those
     * that control planes name.
     */
    private @Nullable ClusteredBus clusteredBus(ClusterSettings cluster) {
        BusIdentity self = parts.busIdentity().get();
        if (self == null) {
            return null;
        }
        Identity identity = parts.identities().current();
        List<HostPort> members =
                identity == null || !cluster.members().isEmpty() ? cluster.members() : identity.members();
        if (members.isEmpty()) {
            return null;
        }
        return new ClusteredBus(
                new ClusterSettings(
                        cluster.memberBind(),
                        cluster.memberAdvertise(),
                        cluster.busBind(),
                        cluster.busAdvertise(),
                        members),
                self);
    }

    private void announced(SnapshotFollower follower, RevisionAnnounced announced) {
        Trust trust = running().identity.trust().current();
        String group = trust == null ? "" : trust.group();
        if (announced.group().equals(group) && announced.epoch() >= 1 && announced.revision() >= 0) {
            follower.headIs(announced.at());
        }
    }

    private RuntimeState state() {
        Phase phase = parts.lifecycle().phase();
        CompiledSnapshot served =
                phase == Phase.STARTING ? null : parts.holder().current();
        Snapshot snapshot = served == null ? null : served.snapshot();
        Runtime jvm = Runtime.getRuntime();
        SyncStatus status = status();
        return new RuntimeState(
                snapshot == null ? 0 : snapshot.revision().epoch(),
                snapshot == null ? 0 : snapshot.revision().number(),
                snapshot == null ? "" : snapshot.digest().hex(),
                served == null ? "none" : served.source().wireName(),
                parts.lifecycle().draining(),
                false,
                status.refusal(),
                jvm.totalMemory() - jvm.freeMemory(),
                jvm.maxMemory(),
                status.bus(),
                parts.targets().get());
    }

    private Running running() {
        Running all = running;
        if (all == null) {
            throw new IllegalStateException("Not started");
        }
        return all;
    }

    private record Running(
            IdentityKeeper identity,
            SnapshotFollower follower,
            Reporter reporter,
            CountKeeper counts,
            @Nullable BusLink bus) {}

    /**
     * What the loop works with.
     *
     * @param identities who this runtime is to control planes
     * @param identity as it is in reports now: the name may depend on the port that was bound
     * @param busIdentity who this runtime is on the event bus; null for as long as it is nobody, then it joins none
     * @param targets those that are not healthy, as reports have them
     * @param lastGood the snapshots on disk
     */
    public record Parts(
            IdentityStore identities,
            Supplier<RuntimeIdentity> identity,
            Supplier<@Nullable BusIdentity> busIdentity,
            Supplier<List<TargetState>> targets,
            SnapshotHolder holder,
            Lifecycle lifecycle,
            CountParts counts,
            ControlPlaneClock clock,
            Propagation propagation,
            LastGood lastGood) {}

    /**
     * @param poll about how often the control plane is asked without a reason
     * @param busSilence how long nothing may be heard over the bus before it is built anew
     */
    public record Timing(Duration poll, Duration busSilence) {
        public static final Timing NORMAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    /**
     * What the loop knows.
     *
     * @param refusal the last snapshot that was refused, or null
     * @param head the newest revision heard of, or null
     * @param bus whether announcements come in
     * @param connected whether a control plane answered lately
     * @param unacknowledgedRows rows of counts that no control plane has acknowledged
     */
    public record SyncStatus(
            @Nullable Refusal refusal,
            @Nullable Revision head,
            boolean bus,
            boolean connected,
            int unacknowledgedRows) {}
}
