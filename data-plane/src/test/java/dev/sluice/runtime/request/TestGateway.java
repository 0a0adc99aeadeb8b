package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.runtime.BufferSettings;
import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.ProxyProtocol;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.RuntimeSettings.TlsSettings;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.metrics.LoopCounts;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.MinuteClock;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.snapshot.SnapshotSource;
import dev.sluice.runtime.tls.ServedCertificates;
import dev.sluice.runtime.upstream.Names;
import dev.sluice.runtime.upstream.UpstreamTlsCompiler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.assertj.core.api.Assertions;

/** A proxy on loopback with two event loops, what it serves, and what it counted. */
final class TestGateway implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a test may want to be otherwise. */
    private record Wanted(
            ClientLimits limits,
            BufferSettings buffers,
            List<Cidr> trusted,
            ProxyProtocol proxyProtocol,
            Set<String> headersOff,
            boolean debugHeader,
            ObservedSettings observed,
            Duration drainDeadline) {
        private static final Wanted NOTHING = new Wanted(
                Limits.DEFAULT, Limits.BUFFERS, List.of(), ProxyProtocol.OFF, Set.of(), true, ObservedSettings.OFF);

        Wanted(
                ClientLimits limits,
                BufferSettings buffers,
                List<Cidr> trusted,
                ProxyProtocol proxyProtocol,
                Set<String> headersOff,
                boolean debugHeader,
                ObservedSettings observed) {
            this(limits, buffers, trusted, proxyProtocol, headersOff, debugHeader, observed, PATIENCE);
        }

        Wanted draining(Duration within) {
            return new Wanted(limits, buffers, trusted, proxyProtocol, headersOff, debugHeader, observed, within);
        }
    }

    private final SnapshotHolder snapshots = new SnapshotHolder();
    private final LoopCountsRegistry registry = new LoopCountsRegistry(new MinuteClock(1));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Lifecycle lifecycle = new Lifecycle();
    private final Map<String, Long> counted = new TreeMap<>();
    private final List<Implementation> implementations = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final Map<UUID, Entity> balanced = new LinkedHashMap<>();
    private final ProxyServer server;
    private final HostPort address;
    private boolean finished;

    TestGateway() {
        this(List.of(), Set.of(), true);
    }

    /** @param longestStall for how long a client may take nothing */
    TestGateway(Duration longestStall) {
        this(Wanted.NOTHING, longestStall, TestGateway::names);
    }

    TestGateway(ClientLimits limits) {
        this(new Wanted(limits, Limits.BUFFERS, List.of(), ProxyProtocol.OFF, Set.of(), true, ObservedSettings.OFF));
    }

    /** @param trusted whose PROXY protocol headers are taken */
    TestGateway(ClientLimits limits, List<Cidr> trusted) {
        this(limits, trusted, ProxyProtocol.ON);
    }

    TestGateway(ClientLimits limits, List<Cidr> trusted, ProxyProtocol proxyProtocol) {
        this(new Wanted(limits, Limits.BUFFERS, trusted, proxyProtocol, Set.of(), true, ObservedSettings.OFF));
    }

    TestGateway(BufferSettings buffers) {
        this(Limits.DEFAULT, buffers);
    }

    TestGateway(ClientLimits limits, BufferSettings buffers) {
        this(new Wanted(limits, buffers, List.of(), ProxyProtocol.OFF, Set.of(), true, ObservedSettings.OFF));
    }

    TestGateway(List<Cidr> trusted, Set<String> headersOff, boolean debugHeader) {
        this(new Wanted(
                Limits.DEFAULT,
                Limits.BUFFERS,
                trusted,
                ProxyProtocol.OFF,
                headersOff,
                debugHeader,
                ObservedSettings.OFF));
    }

    TestGateway(ObservedSettings observed) {
        this(new Wanted(Limits.DEFAULT, Limits.BUFFERS, List.of(), ProxyProtocol.OFF, Set.of(), true, observed));
    }

    /** @param deadline of a stop: at half of it nobody is waited for who is never idle */
    static TestGateway draining(Duration deadline) {
        return new TestGateway(Wanted.NOTHING.draining(deadline));
    }

    /** @param names finds upstreams' addresses, on the proxy's Vert.x */
    TestGateway(Function<Vertx, Names> names) {
        this(Wanted.NOTHING, Duration.ofSeconds(60), names);
    }

    private TestGateway(Wanted wanted) {
        this(wanted, Duration.ofSeconds(60), TestGateway::names);
    }

    private TestGateway(Wanted wanted, Duration longestStall, Function<Vertx, Names> names) {
        ProxySettings settings = new ProxySettings(
                new HostPort("127.0.0.1", 0),
                new TlsSettings(new HostPort("127.0.0.1", 0), 0),
                2,
                wanted.limits(),
                wanted.buffers(),
                wanted.trusted(),
                wanted.proxyProtocol(),
                DeniedNetworks.ALWAYS_DENIED,
                wanted.headersOff(),
                wanted.debugHeader(),
                wanted.observed(),
                Duration.ZERO,
                wanted.drainDeadline());
        server =
                new ProxyServer(settings, snapshots, registry, lifecycle, new ProxyMeters(meters), longestStall, names);
        address = server.listen().await();
        lifecycle.advanceTo(Lifecycle.Phase.READY);
    }

    private static Names names(Vertx vertx) {
        return new Names(vertx, DeniedNetworks.ALWAYS_DENIED);
    }

    /** Adds an implementation on this port and a route to it, and serves them. */
    @CanIgnoreReturnValue
    Route serve(int port, String implementation, String route) {
        UUID version = UUID.randomUUID();
        implementations.add(Declared.implementation(version, port, implementation));
        return add(Declared.route(version, route));
    }

    @CanIgnoreReturnValue
    Route serve(int port, String route) {
        return serve(port, "{}", route);
    }

    /** Adds a route whose version has no implementation. */
    @CanIgnoreReturnValue
    Route serveNothing(String route) {
        return add(Declared.route(UUID.randomUUID(), route));
    }

    @CanIgnoreReturnValue
    private Route add(Route route) {
        routes.add(route);
        swap();
        return route;
    }

    /** Adds an upstream, or replaces the one of this id; served with the next {@link #swap()}. */
    void declare(Upstream upstream) {
        balanced.put(upstream.id(), Entity.of(EntityKinds.UPSTREAM, upstream.id(), ConfigJson.bytes(upstream)));
    }

    /** As for upstreams. */
    void declare(Target target) {
        balanced.put(target.id(), Entity.of(EntityKinds.TARGET, target.id(), ConfigJson.bytes(target)));
    }

    void forget(UUID declared) {
        balanced.remove(declared);
    }

    /** Serves all that was declared. */
    void swap() {
        List<Entity> all = new ArrayList<>(balanced.values());
        implementations.forEach(one -> all.add(Entity.of(EntityKinds.IMPLEMENTATION, one.id(), ConfigJson.bytes(one))));
        routes.forEach(one -> all.add(Entity.of(EntityKinds.ROUTE, one.id(), ConfigJson.bytes(one))));
        swap(RouteTable.compile(Snapshot.of("default", new Revision(1, 1), all)));
    }

    void swap(RouteTable table) {
        Snapshot empty = Snapshot.empty("default");
        UpstreamTlsCompiler.Compiled tls = new UpstreamTlsCompiler().compile(empty, table, null);
        snapshots.swap(new CompiledSnapshot(
                empty,
                table,
                SnapshotSource.DISK,
                null,
                tls.implementations(),
                ServedCertificates.of(Map.of()),
                CompiledUpstream.compile(table, tls.checks(), Map.of())));
    }

    void swap(CompiledSnapshot compiled) {
        snapshots.swap(compiled);
    }

    int port() {
        return address.port();
    }

    int tlsPort() {
        return Objects.requireNonNull(server.tlsAddress()).port();
    }

    ProxyServer server() {
        return server;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    RawClient client() {
        return new RawClient(port());
    }

    /** What one request is answered, over a connection of its own. */
    @CanIgnoreReturnValue
    RawResponse get(String path, String... headers) {
        try (RawClient client = client()) {
            StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: example.com\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return client.send(head.append("\r\n").toString()).read();
        }
    }

    /** Sums so far, of all event loops: {@code "<route id or ->:<code>"} to number. */
    synchronized Map<String, Long> counts() {
        for (LoopCounts.Drained row : registry.drainAll().await().rows()) {
            row.codes()
                    .forEach((code, number) -> counted.merge(
                            (row.route() == null ? "-" : row.route().toString()) + ":" + code, number, Long::sum));
        }
        return new TreeMap<>(counted);
    }

    long counted(Route route, int code) {
        return counts().getOrDefault(route.id() + ":" + code, 0L);
    }

    long countedWithoutRoute(int code) {
        return counts().getOrDefault("-:" + code, 0L);
    }

    long total() {
        return counts().values().stream().mapToLong(Long::longValue).sum();
    }

    double requestsFailed(String failure) {
        return failures("sluice.request.failures", failure);
    }

    double attemptsFailed(String failure) {
        return failures("sluice.attempt.failures", failure);
    }

    double counter(String meter) {
        FunctionCounter counter = meters.find(meter).functionCounter();
        return counter == null ? Double.NaN : counter.count();
    }

    double gauge(String meter) {
        Gauge gauge = meters.find(meter).gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    double handshakesFailed(String reason) {
        return counted("sluice.tls.handshake.failures", "reason", reason);
    }

    double connectionsRefused(String reason) {
        return counted("sluice.client.connections.refused", "reason", reason);
    }

    private double failures(String meter, String failure) {
        return counted(meter, "failure", failure);
    }

    private double counted(String meter, String tag, String value) {
        FunctionCounter counter = meters.find(meter).tag(tag, value).functionCounter();
        return counter == null ? 0 : counter.count();
    }

    /** Waits until something holds that comes by itself. */
    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                Assertions.fail("Not within " + PATIENCE + ": " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    /** Waits until there was progress, and then none for half a second. */
    static void awaitStandstill(LongSupplier progress) {
        awaitStandstill(progress, Duration.ofMillis(500));
    }

    /** Waits until there was progress, and then none for so long. */
    static void awaitStandstill(LongSupplier progress, Duration still) {
        long[] last = {0, System.nanoTime()};
        await("a standstill", () -> {
            long now = progress.getAsLong();
            if (now != last[0] || now == 0) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > still.toNanos();
        });
    }

    void finish() {
        finished = true;
        server.finish(PATIENCE).await();
    }

    @Override
    public void close() {
        if (!finished) {
            server.finish(Duration.ZERO).await();
        }
    }
}
