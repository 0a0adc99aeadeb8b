package dev.sluice.runtime;

import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.TargetState;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.admin.Lifecycle.Phase;
import dev.sluice.runtime.admin.StatusServer;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.balance.TargetHealthGauge;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.disk.DataDirectoryException;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.identity.StorageKey;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.metrics.CountLedger;
import dev.sluice.runtime.metrics.CountSpool;
import dev.sluice.runtime.metrics.EventLoopLag;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.MinuteClock;
import dev.sluice.runtime.metrics.Propagation;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.metrics.Traffic;
import dev.sluice.runtime.request.ProxyServer;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.LastGood;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.sync.ControlLoop;
import dev.sluice.runtime.sync.ControlLoop.Timing;
import dev.sluice.runtime.sync.CountKeeper.CountParts;
import dev.sluice.runtime.tls.CertificateExpiry;
import dev.sluice.runtime.tls.ServedCertificates;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One runtime, put together: status port, control loop, proxy. It starts serving as soon as a first snapshot is in
 * place, from wherever that came, and it stops in order: nothing that a client began is cut short before its deadline,
 * and nothing that was counted is left behind.
 */
public final class GatewayRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayRuntime.class);
    private static final int LEDGER_ROWS = 200_000;
    /** For closing what should take no time at all, once the proxy's own deadline is over. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** For delivering and keeping counts: longer than the last report and the one before it may take. */
    private static final Duration FINISH_PATIENCE = Duration.ofSeconds(15);

    /** How often it is looked whether a certificate that clients are shown expires soon. */
    private static final Duration EXPIRY_LOOK = Duration.ofMinutes(10);

    private final RuntimeSettings settings;
    private final DataDirectory directory;
    private final IdentityStore identities;
    private final Vertx vertx;
    private final Lifecycle lifecycle = new Lifecycle();
    private final SnapshotHolder holder = new SnapshotHolder();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CertificateExpiry expiry = new CertificateExpiry(this::certificates);
    private final LoopCountsRegistry loops;
    private final ProxyServer proxy;
    private final ControlLoop control;
    private final StatusServer status;
    private final String host = hostName();
    private final UUID boot = UUID.randomUUID();
    private final long startedAt = System.currentTimeMillis();
    private final Promise<HostPort> serving = Promise.promise();
    private final Promise<Void> hurry = Promise.promise();
    private volatile Future<HostPort> started = Future.failedFuture("Not started");

    /**
     * @throws dev.sluice.runtime.disk.DataDirectoryException when the data directory, or the identity in it, cannot be had
     * @throws InvalidSettingsException when the runtime has not joined and has no token to join with
     */
    public GatewayRuntime(RuntimeSettings settings) {
        this(settings, Timing.NORMAL);
    }

    GatewayRuntime(RuntimeSettings settings, Timing timing) {
        this.settings = settings;
        this.directory = DataDirectory.open(settings.dataDirectory());
        SealingKeys storageKeys;
        try {
            storageKeys = StorageKey.open(directory, settings.storageKey());
            this.identities = identities(settings, directory, storageKeys);
        } catch (DataDirectoryException | InvalidSettingsException e) {
            directory.close();
            throw e;
        }
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        ControlPlaneClock clock = new ControlPlaneClock(startedAt, System::nanoTime);
        MinuteClock minutes = new MinuteClock(clock.minute());
        this.loops = new LoopCountsRegistry(minutes);
        this.proxy = new ProxyServer(settings.proxy(), holder, loops, lifecycle, new ProxyMeters(registry));
        Traffic traffic = new Traffic();
        registry.getPrometheusRegistry().register(traffic);
        registry.getPrometheusRegistry().register(expiry);
        registry.getPrometheusRegistry().register(new TargetHealthGauge(this::upstreams, proxy::unhealthyTargets));
        CountParts counts = new CountParts(
                loops, new CountLedger(boot, LEDGER_ROWS), new CountSpool(directory.spool()), traffic, minutes);
        this.control = new ControlLoop(
                settings,
                timing,
                new ControlLoop.Parts(
                        identities,
                        this::identity,
                        this::busIdentity,
                        this::unhealthyTargets,
                        holder,
                        lifecycle,
                        counts,
                        clock,
                        new Propagation(registry),
                        new LastGood(directory.lastGood(), storageKeys)));
        RuntimeStatus shown = new RuntimeStatus(
                this::identity,
                identities,
                holder,
                lifecycle,
                control::status,
                () -> addressOf(serving),
                proxy::tlsAddress);
        shown.registerGauges(registry);
        this.status = new StatusServer(vertx, settings.statusBind(), lifecycle, shown::json, registry::scrape);
    }

    /**
     * Opens the status port and serves what is on disk. Completes with the address of the status port when that is done,
     * served or not: without a snapshot, {@link #serving} completes when there is one.
     */
    public Future<HostPort> start() {
        bindJvmMeters();
        started = status.listen().compose(bound -> {
            Identity identity = identities.current();
            LOG.info(
                    "Runtime {} {}, status on {}",
                    directory.runtimeId(),
                    identity == null
                            ? "has not joined yet"
                            : "of group " + identity.trust().group(),
                    bound);
            control.firstServed().compose(first -> proxy.listen()).onComplete(this::listening);
            return vertx.deployVerticle(control).map(bound);
        });
        return started;
    }

    /** The address of the proxy once it serves clients; fails when that address cannot be bound. */
    public Future<HostPort> serving() {
        return serving.future();
    }

    /** Cuts the waiting of {@link #stop} short, but not the delivery of counts. */
    public void hurry() {
        hurry.tryComplete();
    }

    /** Stops in order; completes when everything is closed, in bounded time. */
    public Future<Void> stop() {
        boolean served = lifecycle.ready();
        lifecycle.advanceTo(Phase.DRAINING);
        LOG.info("Stopping: {} requests in flight", proxy.inFlight());
        return atMost(started.otherwiseEmpty(), CLOSE_PATIENCE)
                .compose(settled -> stopServing(served))
                .compose(finished -> {
                    lifecycle.advanceTo(Phase.STOPPED);
                    return started.succeeded() ? finish() : Future.succeededFuture();
                })
                .compose(reported -> vertx.close())
                .onComplete(closed -> {
                    directory.close();
                    LOG.info("Stopped");
                });
    }

    /** In bounded time, even if the disk or a control plane does not answer; never fails. */
    private Future<Void> finish() {
        return control.finish()
                .timeout(FINISH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(cause -> LOG.warn("Stopping though not all counts may be kept: {}", cause.toString()))
                .otherwiseEmpty();
    }

    private Future<Void> stopServing(boolean served) {
        if (started.succeeded()) {
            control.reportSoon();
        }
        ProxySettings waits = settings.proxy();
        Duration notice = served ? waits.drainNotice() : Duration.ZERO;
        Duration deadline = waits.drainDeadline();
        return atMost(vertx.timer(Math.max(1, notice.toMillis()), TimeUnit.MILLISECONDS), notice.plus(CLOSE_PATIENCE))
                .compose(noticed -> atMost(proxy.stopAccepting(), CLOSE_PATIENCE))
                .compose(closed -> atMost(proxy.finish(deadline), deadline.plus(CLOSE_PATIENCE)));
    }

    /** Waits so long at most, and not at all once it must be quick. Never fails. */
    private Future<Void> atMost(Future<?> step, Duration most) {
        Future<?> bounded = step.timeout(most.toMillis() + 1, TimeUnit.MILLISECONDS)
                .onFailure(cause -> LOG.warn("Stopping without waiting longer: {}", cause.toString()));
        return Future.any(bounded.otherwiseEmpty(), hurry.future()).mapEmpty();
    }

    private void listening(AsyncResult<HostPort> bound) {
        if (lifecycle.draining()) {
            return; // stopped before it served anybody
        }
        if (bound.failed()) {
            serving.fail(bound.cause());
            return;
        }
        HostPort tls = proxy.tlsAddress();
        if (tls != null) {
            LOG.info("Serving clients by TLS on {}", tls);
        }
        LOG.info("Serving clients on {}", bound.result());
        lifecycle.advanceTo(Phase.READY);
        serving.complete(bound.result());
        new EventLoopLag(loops, registry).start(vertx);
        expiry.warn(Instant.now());
        vertx.setPeriodic(EXPIRY_LOOK.toMillis(), look -> expiry.warn(Instant.now()));
        control.clientsServed();
        control.reportSoon();
    }

    private void bindJvmMeters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private RuntimeIdentity identity() {
        Future<HostPort> bound = serving.future();
        int port = bound.succeeded()
                ? bound.result().port()
                : settings.proxy().bind().port();
        String name = settings.name() == null ? host + ":" + port : settings.name();
        Identity identity = identities.current();
        String group = identity == null ? "" : identity.trust().group();
        return new RuntimeIdentity(directory.runtimeId(), name, group, host, release(), boot, startedAt);
    }

    private @Nullable BusIdentity busIdentity() {
        Identity identity = identities.current();
        return identity == null ? null : identity.bus();
    }

    private List<TargetState> unhealthyTargets() {
        return proxy.unhealthyTargets().entrySet().stream()
                .limit(Report.MAX_TARGETS)
                .map(target -> new TargetState(
                        target.getKey(), target.getValue().name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static IdentityStore identities(
            RuntimeSettings settings, DataDirectory directory, SealingKeys storageKeys) {
        IdentityStore store = IdentityStore.open(directory, storageKeys);
        if (store.current() == null && settings.joinToken() == null) {
            throw new InvalidSettingsException(List.of(Setting.JOIN_TOKEN.environmentName()
                    + " is required until this runtime has joined: " + Setting.JOIN_TOKEN.description()));
        }
        return store;
    }

    private static String release() {
        String version = GatewayRuntime.class.getPackage().getImplementationVersion();
        return version == null ? "unreleased" : version;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a machine without a name of its own
        }
    }

    private @Nullable ServedCertificates certificates() {
        CompiledSnapshot served = holder.current();
        return served == null ? null : served.certificates();
    }

    private Collection<CompiledUpstream> upstreams() {
        CompiledSnapshot served = holder.current();
        return served == null ? List.of() : served.upstreams().values();
    }

    private static String addressOf(Promise<HostPort> serving) {
        Future<HostPort> bound = serving.future();
        return bound.succeeded() ? bound.result().toString() : "";
    }
}
