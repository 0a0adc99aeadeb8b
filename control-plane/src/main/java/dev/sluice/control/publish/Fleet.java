package dev.sluice.control.publish;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.cluster.ClusteredBus;
import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.JoinTokensApi;
import dev.sluice.control.enrolment.RevocationApi;
import dev.sluice.control.fleet.FleetGate;
import dev.sluice.control.http.Operations;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.metrics.EventLoopLag;
import dev.sluice.control.revision.HeadListener;
import dev.sluice.control.revision.Snapshots;
import dev.sluice.control.status.LiveStatus;
import dev.sluice.control.status.Retention;
import dev.sluice.control.status.StatusApi;
import dev.sluice.control.trust.ExpiryWatch;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.control.trust.SigningKeysApi;
import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that a control plane does for runtimes, put together: the runtime API, the directory, announcements, the status
 * record and its upkeep. The composition makes one, hands its {@link #headListener} to the write path and its {@link
 * #gate} to the REST frame, registers its operations, starts it, and stops it before the REST server.
 */
public final class Fleet {
    /** Well within the life of a certificate of the bus. */
    private static final long BUS_RENEWAL_MS = Duration.ofDays(180).toMillis();

    private final Vertx vertx;
    private final ControlPlaneMeters meters;
    private final PlaneTrust trust;
    private final ExpiryWatch expiries;
    private final @Nullable ClusteredBus bus;
    private final RevisionPublisher publisher;
    private final RuntimeDirectory directory;
    private final RuntimesApi runtimes;
    private final RevocationApi revocation;
    private final JoinTokensApi joinTokens;
    private final StatusApi status;
    private final LiveStatus live;
    private final Retention retention;
    private final RuntimeApiServer server;
    private @Nullable EventLoopLag lag;
    private long busRenewal = -1;

    public Fleet(
            Vertx vertx,
            ControlPlaneSettings settings,
            Database database,
            Snapshots snapshots,
            PlaneTrust trust,
            ControlPlaneMeters meters) {
        this.vertx = vertx;
        this.trust = trust;
        this.expiries = new ExpiryWatch(vertx, database, trust, meters);
        this.meters = meters;
        ClusteredBus joined =
                settings.cluster() == null ? null : new ClusteredBus(vertx, settings.cluster(), trust::busIdentity);
        this.bus = joined;
        this.publisher =
                new RevisionPublisher(vertx, database, joined == null ? announcement -> {} : joined::announce, meters);
        this.directory = new RuntimeDirectory(vertx, database, meters);
        this.runtimes = new RuntimesApi(database);
        this.revocation = new RevocationApi(database);
        this.joinTokens = new JoinTokensApi(database, trust);
        this.status = new StatusApi(vertx, database);
        this.live = new LiveStatus(vertx, database, meters);
        this.retention = new Retention(vertx, database);
        this.server = new RuntimeApiServer(vertx, settings.runtimeApiBind(), trust, snapshots::head, database, meters);
        meters.databaseConnections(() -> database.pool().size());
        if (joined != null) {
            meters.clusterMembers(joined::members);
        }
    }

    /** Is told of what the write path commits. */
    public HeadListener headListener() {
        return publisher;
    }

    /** Lets writes wait for the fleet. */
    public FleetGate gate() {
        return directory;
    }

    public void register(Operations operations) {
        runtimes.register(operations);
        revocation.register(operations);
        joinTokens.register(operations);
        new SigningKeysApi(trust.signingKeys()).register(operations);
        status.register(operations);
        live.register(operations);
    }

    /** Begins to serve runtimes; the value is where. The bus joins in the background. */
    public Future<HostPort> start() {
        ClusteredBus joining = bus;
        if (joining != null) {
            joining.start();
            busRenewal = vertx.setPeriodic(BUS_RENEWAL_MS, id -> joining.renew());
        }
        lag = EventLoopLag.start(vertx, meters);
        publisher.start();
        directory.start();
        live.start();
        expiries.start();
        return retention.start().compose(done -> server.listen()).compose(listening -> trust.start(listening)
                .map(listening));
    }

    /** Calls in progress are finished, live views ended, the cluster left. Never fails. */
    public Future<Void> stop() {
        if (lag != null) {
            lag.stop();
        }
        boolean ignored = vertx.cancelTimer(busRenewal);
        live.stop();
        expiries.stop();
        retention.stop();
        publisher.stop();
        directory.stop();
        return trust.stop()
                .transform(done -> server.close())
                .transform(done -> bus == null ? Future.succeededFuture() : bus.close());
    }
}
