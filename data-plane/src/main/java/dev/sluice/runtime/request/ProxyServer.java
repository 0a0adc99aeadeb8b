package dev.sluice.runtime.request;

import dev.sluice.model.config.Target;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.Setting;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.accesslog.AccessLog;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.balance.TargetHealth;
import dev.sluice.runtime.balance.UpstreamStates;
import dev.sluice.runtime.health.ActiveChecks;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.request.guard.Door;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.upstream.Names;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The proxy as a whole: its own Vert.x instance, not clustered, with one listener on each event loop, all of them
 * behind one listening socket, and one more for TLS.
 *
 * <p>The order of a stop is: the lifecycle goes to draining, from then on each answer tells its connection to close;
 * {@link #stopAccepting}; {@link #finish}.
 */
public final class ProxyServer {
    /** How often the number of requests in flight is looked at while the end is awaited. */
    private static final long FINISH_POLL_MS = 10;

    /** For how long a client may take nothing of what was written to it. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(60);

    /** For so many looks nothing must be in flight: a request may be on its way into a connection that is open. */
    private static final int QUIET_LOOKS = 10;

    private final ProxySettings settings;
    private final SnapshotHolder snapshots;
    private final LoopCountsRegistry counts;
    private final Lifecycle lifecycle;
    private final ProxyMeters meters;
    private final Duration longestStall;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong onDisk = new AtomicLong();
    private final ProxyTransport transport;
    private final @Nullable AccessLog accessLog;
    private final Promise<Integer> tlsPort = Promise.promise();
    private final Vertx vertx;
    private final Names names;
    private final UpstreamStates states = new UpstreamStates();
    private final ActiveChecks checks;

    public ProxyServer(
            ProxySettings settings,
            SnapshotHolder snapshots,
            LoopCountsRegistry counts,
            Lifecycle lifecycle,
            ProxyMeters meters) {
        this(
                settings,
                snapshots,
                counts,
                lifecycle,
                meters,
                LONGEST_STALL,
                vertx -> new Names(vertx, settings.deniedNetworks()));
    }

    ProxyServer(
            ProxySettings settings,
            SnapshotHolder snapshots,
            LoopCountsRegistry counts,
            Lifecycle lifecycle,
            ProxyMeters meters,
            Duration longestStall,
            Function<Vertx, Names> names) {
        this.longestStall = longestStall;
        this.settings = settings;
        this.snapshots = snapshots;
        this.counts = counts;
        this.lifecycle = lifecycle;
        this.meters = meters;
        this.accessLog = accessLog(settings.observed().accessLog(), meters);
        this.transport = ProxyTransport.best(new Door(settings, meters));
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(settings.eventLoops()))
                .withTransport(transport)
                .build();
        this.names = names.apply(vertx);
        this.checks = new ActiveChecks(vertx, this.names, states, this::served, System::nanoTime);
    }

    private static @Nullable AccessLog accessLog(@Nullable String where, ProxyMeters meters) {
        if (where == null) {
            return null;
        }
        try {
            AccessLog log = AccessLog.open(where);
            meters.accessLog(log::dropped);
            return log;
        } catch (IOException e) {
            throw new InvalidSettingsException(List.of(Setting.ACCESS_LOG.environmentName() + " is '" + where
                    + "', which cannot be opened to be appended to: " + e));
        }
    }

    /**
     * Opens the listeners; called once, when a first snapshot is in place.
     *
     * @return the address that clients reach, with the port that was taken where the settings left it open; fails when
     *     the address cannot be bound
     */
    public Future<HostPort> listen() {
        Promise<Integer> port = Promise.promise();
        return vertx.deployVerticle(
                        () -> new Listener(
                                settings,
                                snapshots,
                                counts,
                                lifecycle,
                                meters,
                                transport.sockets(),
                                names,
                                states,
                                longestStall.toMillis(),
                                inFlight,
                                onDisk,
                                accessLog,
                                port,
                                tlsPort),
                        new DeploymentOptions().setInstances(settings.eventLoops()))
                .compose(deployed -> port.future())
                .onSuccess(bound -> checks.start())
                .map(bound -> new HostPort(settings.bind().host(), bound));
    }

    /** The address that clients reach by TLS; null before it is bound, and where there is none. */
    public @Nullable HostPort tlsAddress() {
        HostPort bind = settings.tls().bind();
        Integer bound = tlsPort.future().result();
        return bind == null || bound == null ? null : new HostPort(bind.host(), bound);
    }

    /**
     * Closes the listening sockets. Connections stay, and requests that come over them are served; clients over HTTP/2 are
     * told to ask elsewhere once they wait for nothing, at the latest after half of the time that finishing may take; which
     * stream is the last they are told when they have heard that, or after 5 s (RFC 9113 6.8).
     */
    public Future<Void> stopAccepting() {
        return transport.sockets().closeListening().onComplete(closed -> vertx.eventBus()
                .publish(Listener.FAREWELL, ""));
    }

    /**
     * Ends the proxy: waits until nothing is in flight any more, then closes every connection and the Vert.x instance.
     *
     * @param deadline how long at most; what is in flight then is cut
     */
    public Future<Void> finish(Duration deadline) {
        Promise<Void> quiet = Promise.promise();
        checks.stop();
        awaitQuiet(System.nanoTime() + deadline.toNanos(), QUIET_LOOKS, quiet);
        return quiet.future().eventually(vertx::close).onComplete(closed -> {
            if (accessLog != null) {
                accessLog.close();
            }
        });
    }

    /** The targets that this runtime finds other than healthy, by their ids. Any thread may ask. */
    public Map<UUID, TargetHealth> unhealthyTargets() {
        Map<UUID, TargetHealth> found = new HashMap<>();
        for (CompiledUpstream upstream : served().values()) {
            for (Target target : upstream.targets()) {
                TargetHealth health = states.health(upstream, target);
                if (health != TargetHealth.HEALTHY) {
                    found.put(target.id(), health);
                }
            }
        }
        return found;
    }

    private Map<UUID, CompiledUpstream> served() {
        CompiledSnapshot current = snapshots.current();
        return current == null ? Map.of() : current.upstreams();
    }

    /** Requests whose answer's last byte was not yet handed to the operating system. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Bytes of answers and request bodies that are held on disk. */
    long heldOnDisk() {
        return onDisk.get();
    }

    private void awaitQuiet(long deadlineNanos, int looksLeft, Promise<Void> quiet) {
        int left = inFlight.get() == 0 ? looksLeft - 1 : QUIET_LOOKS;
        boolean late = System.nanoTime() - deadlineNanos >= 0;
        if (late && left > 0) {
            transport.sockets().cutAll();
        }
        if (left == 0 || late) {
            quiet.complete();
        } else {
            vertx.setTimer(FINISH_POLL_MS, id -> awaitQuiet(deadlineNanos, left, quiet));
        }
    }
}
