package dev.sluice.runtime.upstream;

import dev.sluice.model.config.Implementation;
import dev.sluice.runtime.metrics.ProxyMeters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** The upstream connections of one event loop; used on that event loop alone. */
public final class Upstreams {
    /** Connections to one target, from one event loop. */
    private static final int MOST_CONNECTIONS = 512;

    /** Requests that may wait for one of them; further ones are turned away. */
    private static final int MOST_WAITING = 1024;

    /** Seconds. Below the five seconds after which common servers close idle connections. */
    private static final int KEEP_ALIVE = 4;

    private static final int MOST_HEADER_BYTES = 64 * 1024;
    private static final int MOST_CHUNK_BYTES = 16 * 1024;

    private final Vertx vertx;
    private final ProxyMeters meters;
    private final Map<Integer, HttpClientAgent> clients = new HashMap<>();
    private final Map<Target, Integer> taken = new HashMap<>();
    private final IdentityHashMap<HttpConnection, Target> targets = new IdentityHashMap<>();
    private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());

    public Upstreams(Vertx vertx, ProxyMeters meters) {
        this.vertx = vertx;
        this.meters = meters;
    }

    /**
     * Takes a connection, an idle one where there is one. Does not time out by itself below twice the implementation's
     * {@code connect_timeout}: the caller keeps the time.
     */
    public Future<UpstreamConnection> connect(Implementation implementation) {
        boolean tls = implementation.protocol().tls();
        RequestOptions options = new RequestOptions()
                .setHost(implementation.host())
                .setPort(implementation.port())
                .setSsl(tls)
                .setFollowRedirects(false);
        if (tls && Boolean.FALSE.equals(implementation.tlsVerify())) {
            options.setSslOptions(new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm(""));
        }
        return client(implementation.connectTimeout())
                .request(options)
                .map(request -> taken(request, Target.of(implementation)));
    }

    /** Whether as many connections are open as may be: who has none yet waits for another request to end. */
    public boolean full(Implementation implementation) {
        return taken.getOrDefault(Target.of(implementation), 0) >= MOST_CONNECTIONS;
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

    /** What goes into Host when the client's does not: the port is left out where the scheme says it. */
    public static String authority(Implementation implementation) {
        String host = implementation.host();
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        int port = implementation.port();
        return port == implementation.protocol().defaultPort() ? name : name + ":" + port;
    }

    /**
     * The time that TCP gets to connect is a client's, not a request's, in Vert.x. So there is one client for each power
     * of two: at most 32, usually one.
     */
    private HttpClientAgent client(long connectTimeout) {
        int exponent = exponent(connectTimeout);
        HttpClientAgent known = clients.get(exponent);
        if (known != null) {
            return known;
        }
        HttpClientAgent made = open((int) Math.min(Integer.MAX_VALUE, 1L << exponent));
        clients.put(exponent, made);
        return made;
    }

    private HttpClientAgent open(int connectTimeout) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(connectTimeout)
                .setKeepAliveTimeout(KEEP_ALIVE)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setMaxChunkSize(MOST_CHUNK_BYTES)
                .setMaxRedirects(0)
                .setVerifyHost(true);
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING);
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(this::connected)
                .build();
    }

    private void connected(HttpConnection connection) {
        unused.add(connection);
        meters.upstreamConnectionOpened();
        connection.closeHandler(closed -> closed(connection));
        // Each request on the connection is told of what goes wrong by itself.
        connection.exceptionHandler(failed -> unused.remove(connection));
    }

    private static int exponent(long connectTimeout) {
        return 64 - Long.numberOfLeadingZeros(connectTimeout);
    }

    /** What has a pool of its own. */
    private record Target(int exponent, String host, int port, boolean tls, boolean trusting) {
        static Target of(Implementation implementation) {
            boolean tls = implementation.protocol().tls();
            return new Target(
                    Upstreams.exponent(implementation.connectTimeout()),
                    implementation.host(),
                    implementation.port(),
                    tls,
                    tls && Boolean.FALSE.equals(implementation.tlsVerify()));
        }
    }
}
