package dev.sluice.runtime.request;

import dev.sluice.model.settings.HostPort;
import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.accesslog.AccessLog;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.balance.Balancer;
import dev.sluice.runtime.balance.RetryBudgets;
import dev.sluice.runtime.balance.UpstreamStates;
import dev.sluice.runtime.metrics.LoopCountsRegistry;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.request.guard.ChunkedTrailers;
import dev.sluice.runtime.request.guard.WireGuard;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.tls.ClientTls;
import dev.sluice.runtime.tls.HandshakeFailure;
import dev.sluice.runtime.tls.ServedCertificates;
import dev.sluice.runtime.upstream.Names;
import dev.sluice.runtime.upstream.Upstreams;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one event loop owns: its part of the listening socket, its connections and its upstream clients. */
final class Listener extends VerticleBase {
    /** What stands in a request line beside the URI; the guard's own limits are narrower than the parser's. */
    private static final int REQUEST_LINE_SLACK = 64;

    private static final int MOST_CHUNK_BYTES = 16 * 1024;

    /** Of a body on its way to the gateway over one stream (RFC 9113 6.9.2). */
    private static final long STREAM_WINDOW_BYTES = 65_535;

    /** Heard by all listeners of a proxy when accepting has ended. */
    static final String FAREWELL = "sluice.farewell";

    private static final long FINE_TICK_MS = 20;
    private static final long COARSE_TICK_MS = 1_000;

    private final ProxySettings settings;
    private final SnapshotHolder snapshots;
    private final LoopCountsRegistry counts;
    private final Lifecycle lifecycle;
    private final ProxyMeters meters;
    private final Sockets sockets;
    private final Names names;
    private final UpstreamStates states;
    private final long longestStallMs;
    private final AtomicInteger inFlight;
    private final AtomicLong onDisk;
    private final @Nullable AccessLog accessLog;
    private final Promise<Integer> port;
    private final Promise<Integer> tlsPort;
    private final IdentityHashMap<HttpConnection, ClientConnection> connections = new IdentityHashMap<>();

    /**
     * @param port told the port that is bound; the listeners of all event loops tell the same
     * @param tlsPort the same for TLS; told nothing where there is none
     */
    Listener(
            ProxySettings settings,
            SnapshotHolder snapshots,
            LoopCountsRegistry counts,
            Lifecycle lifecycle,
            ProxyMeters meters,
            Sockets sockets,
            Names names,
            UpstreamStates states,
            long longestStallMs,
            AtomicInteger inFlight,
            AtomicLong onDisk,
            @Nullable AccessLog accessLog,
            Promise<Integer> port,
            Promise<Integer> tlsPort) {
        this.settings = settings;
        this.snapshots = snapshots;
        this.counts = counts;
        this.lifecycle = lifecycle;
        this.meters = meters;
        this.sockets = sockets;
        this.names = names;
        this.states = states;
        this.longestStallMs = longestStallMs;
        this.inFlight = inFlight;
        this.onDisk = onDisk;
        this.accessLog = accessLog;
        this.port = port;
        this.tlsPort = tlsPort;
    }

    @Override
    public Future<?> start() {
        Loop loop = new Loop(
                context,
                settings,
                snapshots,
                lifecycle,
                counts.forThisLoop(context),
                meters,
                sockets,
                new Upstreams(vertx, meters, names, sockets::speaksHttp),
                new Balancer(states, names, System::nanoTime),
                new RetryBudgets(),
                new Deadlines(vertx, FINE_TICK_MS),
                new RequestIds(),
                new Loop.Observed(accessLog, settings.observed().tracing() ? new Trace.Beginning() : null),
                longestStallMs,
                inFlight,
                onDisk,
                this::httpsPort);
        Deadlines idle = new Deadlines(vertx, COARSE_TICK_MS);
        RequestLine line = new RequestLine(loop);
        vertx.eventBus().localConsumer(FAREWELL, now -> farewell());
        Future<?> clear = server(options(settings.bind(), -1, false), idle, line)
                .listen()
                .onSuccess(listening -> port.tryComplete(listening.actualPort()));
        HostPort tlsBind = settings.tls().bind();
        return tlsBind == null ? clear : clear.compose(listening -> listenTls(tlsBind, idle, line));
    }

    /** Whoever is never without a request hears it in the middle of them, while there is time to end them. */
    private void farewell() {
        connections.values().forEach(ClientConnection::farewell);
        long patience = Math.max(1, settings.drainDeadline().toMillis() / 2);
        vertx.setTimer(patience, late -> connections.values().forEach(ClientConnection::farewellAtOnce));
    }

    private Future<?> listenTls(HostPort bind, Deadlines idle, RequestLine line) {
        return server(ClientTls.on(options(bind, -2, true), this::certificates), idle, line)
                .exceptionHandler(failed -> meters.handshakeFailed(HandshakeFailure.reason(failed)))
                .listen()
                .onSuccess(listening -> tlsPort.tryComplete(listening.actualPort()));
    }

    private HttpServer server(HttpServerOptions options, Deadlines idle, RequestLine line) {
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> opened(connection, idle))
                .invalidRequestHandler(request -> line.refuseInvalid(request, connectionOf(request)))
                .requestHandler(request -> line.serve(request, connectionOf(request)));
    }

    private @Nullable ServedCertificates certificates() {
        CompiledSnapshot served = snapshots.current();
        return served == null ? null : served.certificates();
    }

    /** By which clients reach TLS; -1 where there is none. */
    private int httpsPort() {
        int wanted = settings.tls().publicPort();
        Integer bound = tlsPort.future().result();
        return wanted != 0 ? wanted : bound == null ? -1 : bound;
    }

    /** @param sharedPort negative: where any port will do, all listeners with the same number take one free port */
    private HttpServerOptions options(HostPort bind, int sharedPort, boolean tls) {
        int wanted = bind.port();
        return new HttpServerOptions()
                .setHost(bind.host())
                .setPort(wanted == 0 ? sharedPort : wanted)
                .setMaxInitialLineLength(settings.limits().uriBytes() + REQUEST_LINE_SLACK)
                .setMaxHeaderSize(settings.limits().headerBytes())
                .setMaxChunkSize(MOST_CHUNK_BYTES)
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(true)
                .setInitialSettings(http2())
                .setHttp2ConnectionWindowSize(connectionWindow())
                .setUseProxyProtocol(settings.proxyProtocol().on(tls))
                .setProxyProtocolTimeout(settings.limits().headerMs())
                .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                // Tunnels pass extensions on; what would negotiate them fails where over 128 requests come at once.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setReuseAddress(true)
                .setAcceptBacklog(4096);
    }

    /** Bytes: room for what every stream may hold back, so that none of them stands in another's way. */
    private int connectionWindow() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1L, settings.limits().streams()) * STREAM_WINDOW_BYTES);
    }

    /** Sizes of header sections are the guard's to refuse; what is announced is where the codec stops decoding. */
    private Http2Settings http2() {
        ClientLimits limits = settings.limits();
        long fieldOverhead = 32L * limits.headerCount(); // RFC 9113 6.5.2
        return new Http2Settings()
                .setMaxConcurrentStreams(limits.streams())
                .setMaxHeaderListSize(2L * limits.headerBytes() + limits.uriBytes() + fieldOverhead);
    }

    private void opened(HttpConnection connection, Deadlines idle) {
        WireGuard guard = sockets.guard(connection);
        ChunkedTrailers chunked = guard == null ? null : guard.trailers();
        ClientConnection client =
                new ClientConnection(connection, idle, settings, sockets.streams(connection), chunked, () -> {
                    connections.remove(connection);
                    meters.connectionClosed();
                });
        if (guard != null) {
            guard.onRefusedBody(client::refuseBody);
        }
        String tls = client.tlsVersion();
        InetAddress behindProxy = settings.proxyProtocol().on(tls != null) ? client.inetAddress() : null;
        if (behindProxy != null && !sockets.mayEnter(connection, behindProxy)) {
            client.refuse();
        }
        connections.put(connection, client);
        meters.connectionOpened();
        if (tls != null) {
            meters.handshaked(tls);
        }
        // Requests in flight hear of it by themselves; without a handler it would be logged as an error.
        connection.exceptionHandler(broken -> {});
        connection.closeHandler(closed -> client.closed());
    }

    private ClientConnection connectionOf(HttpServerRequest request) {
        ClientConnection client = connections.get(request.connection());
        if (client == null) {
            throw new IllegalStateException("A request came over a connection that was not opened");
        }
        return client;
    }
}
