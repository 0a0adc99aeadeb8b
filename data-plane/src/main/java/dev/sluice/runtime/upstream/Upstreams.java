package dev.sluice.runtime.upstream;

import dev.sluice.model.config.Implementation;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.metrics.ProxyMeters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The upstream connections of one event loop; used on that event loop alone. */
public final class Upstreams {
    /** Connections to one target, from one event loop. */
    private static final int MOST_CONNECTIONS = 512;

    /** Requests that may wait for one of them; further ones are turned away. */
    private static final int MOST_WAITING = 1024;

    /** Far beyond one stream's 64 KiB: clients that read slowly must not hold up others' answers on the connection. */
    private static final int HTTP2_CONNECTION_WINDOW_BYTES = 32 * 1024 * 1024;

    /** A connection over which nothing came in time is not used again unless it answers within this. */
    private static final long LONGEST_PING_MS = 2_000;

    private static final int PING_BYTES = 8; // RFC 9113 6.7

    /** Seconds. Below the five seconds after which common servers close idle connections. */
    private static final int KEEP_ALIVE = 4;

    private static final long NO_LIMIT = -1;

    private static final ClientSSLOptions HTTP_2_AS_THE_PLATFORM_DOES =
            new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");

    private static final int MOST_HEADER_BYTES = 64 * 1024;
    private static final int MOST_CHUNK_BYTES = 16 * 1024;

    private final Vertx vertx;
    private final ProxyMeters meters;
    private final Names names;
    private final Consumer<HttpConnection> opened;
    private final Map<ClientKey, HttpClientAgent> clients = new HashMap<>();
    private final Map<Target, Integer> taken = new HashMap<>();
    private final IdentityHashMap<HttpConnection, Target> targets = new IdentityHashMap<>();
    private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<HttpConnection> suspected = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param opened told of each connection before anything goes over it */
    public Upstreams(Vertx vertx, ProxyMeters meters, Names names, Consumer<HttpConnection> opened) {
        this.vertx = vertx;
        this.meters = meters;
        this.names = names;
        this.opened = opened;
    }

    /**
     * Takes a connection, an idle one where there is one, to an address that was checked. Does not time out by itself
     * below twice the implementation's {@code connect_timeout}: the caller keeps the time. Of a host with several
     * addresses the next one is tried where one cannot be reached; they share {@code connect_timeout}.
     *
     * @param tls how TLS is spoken; null for the platform's way, and without TLS
     */
    public Future<UpstreamConnection> connect(
            Implementation implementation, Destination destination, @Nullable UpstreamTls tls) {
        Wanted wanted = new Wanted(implementation, destination, tls);
        InetAddress address = destination.address();
        if (address != null) {
            return connect(wanted, address, NO_LIMIT);
        }
        Future<Addresses> resolved = names.resolve(destination.host());
        Addresses known = resolved.result();
        return known != null ? connect(wanted, known) : resolved.compose(addresses -> connect(wanted, addresses));
    }

    private Future<UpstreamConnection> connect(Wanted wanted, Addresses addresses) {
        int preferred = addresses.preferred();
        if (addresses.count() == 1) {
            return connect(wanted, addresses.at(preferred), NO_LIMIT);
        }
        long deadline = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(wanted.implementation().connectTimeout());
        return connect(wanted, addresses, preferred, addresses.count(), deadline);
    }

    private Future<UpstreamConnection> connect(
            Wanted wanted, Addresses addresses, int index, int left, long deadlineNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
            return Future.failedFuture(new RequestFailed(Failure.CONNECT_TIMEOUT));
        }
        long limit = left == 1 ? NO_LIMIT : Math.max(1, millis / left);
        return connect(wanted, addresses.at(index), limit).recover(thrown -> {
            if (!(thrown instanceof SocketException || thrown instanceof TimeoutException)) {
                return Future.failedFuture(thrown);
            }
            addresses.failed(index);
            return left == 1
                    ? Future.failedFuture(thrown)
                    : connect(wanted, addresses, index + 1, left - 1, deadlineNanos);
        });
    }

    /** The host stays what Host, SNI and the upstream's certificate are about. */
    private Future<UpstreamConnection> connect(Wanted wanted, InetAddress address, long limitMillis) {
        Implementation implementation = wanted.implementation();
        Destination destination = wanted.destination();
        UpstreamTls tls = wanted.tls();
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, destination.port())))
                .setHost(destination.host())
                .setPort(destination.port())
                .setSsl(implementation.protocol().tls())
                .setConnectTimeout(limitMillis)
                .setFollowRedirects(false);
        boolean http2 = implementation.protocol().grpc();
        if (tls != null) {
            options.setSslOptions(tls.options());
        } else if (http2 && implementation.protocol().tls()) {
            options.setSslOptions(HTTP_2_AS_THE_PLATFORM_DOES);
        }
        return client(implementation.connectTimeout(), http2)
                .request(options)
                .map(request -> taken(request, Target.of(wanted, address)));
    }

    /** Whether as many connections are open as may be: who has none yet waits for another request to end. */
    public boolean full(Implementation implementation, Destination destination, @Nullable UpstreamTls tls) {
        InetAddress address = destination.address();
        if (address == null) {
            Addresses known = names.latest(destination.host());
            if (known == null) {
                return false;
            }
            address = known.at(known.preferred());
        }
        Target target = Target.of(new Wanted(implementation, destination, tls), address);
        return taken.getOrDefault(target, 0) >= MOST_CONNECTIONS;
    }

    private UpstreamConnection taken(HttpClientRequest request, Target target) {
        HttpConnection connection = request.connection();
        boolean first = unused.remove(connection);
        if (first) {
            targets.put(connection, target);
            taken.merge(target, 1, Integer::sum);
        }
        return new UpstreamConnection(request, !first);
    }

    private void closed(HttpConnection connection) {
        unused.remove(connection);
        Target target = targets.remove(connection);
        if (target != null) {
            taken.computeIfPresent(target, (key, open) -> open == 1 ? null : open - 1);
        }
        meters.upstreamConnectionClosed();
    }

    /**
     * The time that TCP gets to connect is a client's, not a request's, in Vert.x. So there is one client for each power
     * of two and each version of HTTP: at most 64, usually one.
     */
    private HttpClientAgent client(long connectTimeout, boolean http2) {
        ClientKey key = new ClientKey(exponent(connectTimeout), http2);
        HttpClientAgent known = clients.get(key);
        if (known != null) {
            return known;
        }
        HttpClientAgent made = open((int) Math.min(Integer.MAX_VALUE, 1L << key.exponent()), http2);
        clients.put(key, made);
        return made;
    }

    private HttpClientAgent open(int connectTimeout, boolean http2) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(connectTimeout)
                .setKeepAliveTimeout(KEEP_ALIVE)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setMaxChunkSize(MOST_CHUNK_BYTES)
                .setMaxRedirects(0)
                .setVerifyHost(true);
        if (http2) {
            // In the clear with prior knowledge (RFC 9113 3.3); by TLS only what ALPN says is HTTP/2.
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                    .setHttp2ConnectionWindowSize(HTTP2_CONNECTION_WINDOW_BYTES)
                    .setInitialSettings(
                            new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(MOST_HEADER_BYTES));
        }
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(MOST_CONNECTIONS)
                .setHttp2MaxSize(MOST_CONNECTIONS)
                .setMaxWaitQueueSize(MOST_WAITING);
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(this::connected)
                .build();
    }

    /**
     * Asks a connection of HTTP/2 over which an answer did not come whether there is still somebody: TCP alone notices
     * after minutes that the other side is gone.
     *
     * @param cut ends the connection
     */
    public void suspect(HttpConnection connection, Runnable cut) {
        if (targets.containsKey(connection) && suspected.add(connection)) {
            connection
                    .ping(Buffer.buffer(new byte[PING_BYTES]))
                    .timeout(LONGEST_PING_MS, TimeUnit.MILLISECONDS)
                    .onComplete(answered -> suspected.remove(connection), silent -> {
                        suspected.remove(connection);
                        cut.run();
                    });
        }
    }

    private void connected(HttpConnection connection) {
        opened.accept(connection);
        unused.add(connection);
        meters.upstreamConnectionOpened();
        connection.closeHandler(closed -> closed(connection));
        // Each request on the connection is told of what goes wrong by itself.
        connection.exceptionHandler(failed -> unused.remove(connection));
    }

    private static int exponent(long connectTimeout) {
        return 64 - Long.numberOfLeadingZeros(connectTimeout);
    }

    private record ClientKey(int exponent, boolean http2) {}

    /** What is to be reached, and how. */
    private record Wanted(
            Implementation implementation,
            Destination destination,
            @Nullable UpstreamTls tls) {}

    /** What has a pool of its own. */
    private record Target(
            ClientKey client,
            InetAddress address,
            String host,
            int port,
            boolean secure,
            @Nullable UpstreamTls tls) {
        static Target of(Wanted wanted, InetAddress address) {
            Implementation implementation = wanted.implementation();
            return new Target(
                    new ClientKey(
                            Upstreams.exponent(implementation.connectTimeout()),
                            implementation.protocol().grpc()),
                    address,
                    wanted.destination().host(),
                    wanted.destination().port(),
                    implementation.protocol().tls(),
                    wanted.tls());
        }
    }
}
