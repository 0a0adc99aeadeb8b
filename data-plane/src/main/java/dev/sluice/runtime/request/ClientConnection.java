package dev.sluice.runtime.request;

import dev.sluice.model.net.Cidr;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.request.Deadlines.Deadline;
import dev.sluice.runtime.request.guard.ChunkedTrailers;
import dev.sluice.runtime.request.guard.StreamStates;
import dev.sluice.runtime.tls.ClientTls;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A client's connection, as long as it is open. */
final class ClientConnection {
    private static final long NO_ERROR = 0; // RFC 9113 7
    private static final long INTERNAL_ERROR = 2;
    private static final int PING_BYTES = 8; // RFC 9113 6.7

    /** A client that does not say within this that it has heard is taken to have. */
    private static final long LONGEST_PING_MS = 5_000;

    private final HttpConnection connection;
    private final Deadline idle;
    private final String address;
    private final boolean trusted;
    private final @Nullable String tlsVersion;
    private final @Nullable String sni;
    /** From its beginning, or from the last answer, to the end of the next request's header section. */
    private final long longestIdleMs;

    private final Runnable whenClosed;
    private final @Nullable StreamStates streams;
    private final @Nullable ChunkedTrailers chunked;
    private @Nullable Exchange current;
    private int serving;
    private boolean closed;
    private boolean leaving;
    private boolean saidFarewell;
    private boolean ending;
    private boolean refused;

    /**
     * @param streams null for HTTP/1
     * @param chunked null for HTTP/2
     * @param whenClosed run once, when it is closed
     */
    ClientConnection(
            HttpConnection connection,
            Deadlines deadlines,
            ProxySettings settings,
            @Nullable StreamStates streams,
            @Nullable ChunkedTrailers chunked,
            Runnable whenClosed) {
        List<Cidr> trustedProxies = settings.trustedProxies();
        this.longestIdleMs = settings.limits().idleMs();
        this.connection = connection;
        this.streams = streams;
        this.chunked = chunked;
        this.whenClosed = whenClosed;
        this.idle = deadlines.create(this::close);
        SocketAddress remote = connection.remoteAddress();
        String literal = remote == null ? null : remote.hostAddress();
        this.address = literal == null ? "" : literal;
        this.trusted = !trustedProxies.isEmpty() && !address.isEmpty() && isIn(address, trustedProxies);
        SSLSession session = connection.isSsl() ? connection.sslSession() : null;
        this.tlsVersion = session == null ? null : session.getProtocol();
        this.sni = ClientTls.asked(session);
        idle.arm(longestIdleMs);
    }

    /** As in {@code TLSv1.3}; null where it is not TLS. */
    @Nullable
    String tlsVersion() {
        return tlsVersion;
    }

    /** The server name that the client asked for in its TLS handshake; null without either. */
    @Nullable
    String sni() {
        return sni;
    }

    /** The IP address of the other side. */
    String address() {
        return address;
    }

    /** As {@link #address}; null when it has none. */
    @Nullable
    InetAddress inetAddress() {
        return address.isEmpty() ? null : inet(address);
    }

    /** Whether the other side is a proxy whose forwarded headers are kept. */
    boolean trusted() {
        return trusted;
    }

    /** The port that the client connected to. */
    int localPort() {
        SocketAddress local = connection.localAddress();
        return local == null ? -1 : local.port();
    }

    /** Whether one request does not wait for the other: then one that fails leaves the connection as it is. */
    boolean http2() {
        return streams != null;
    }

    /** Whether a request over HTTP/2 that just began has a body. */
    boolean bodyFollows(HttpServerRequest request) {
        return streams != null && streams.bodyFollows(request.streamId());
    }

    /** A request over HTTP/1 begins whose body comes in chunks. */
    void chunksFollow() {
        if (chunked != null) {
            chunked.begin();
        }
    }

    /** What came behind the body of a request, which has just ended; over HTTP/1 of one that came in chunks. Null for nothing. */
    @Nullable
    MultiMap trailers(HttpServerRequest request) {
        if (streams != null) {
            return streams.trailers(request.streamId());
        }
        return chunked == null ? null : chunked.current();
    }

    /** There is no room for it: nothing that comes over it is served. */
    void refuse() {
        refused = true;
        close();
    }

    boolean refused() {
        return refused;
    }

    /** The client was told that the answer at hand is the last one. */
    void toldToEnd() {
        ending = true;
    }

    /** Whether a request that comes now will not be answered any more: its client knows that and asks elsewhere. */
    boolean ending() {
        return ending;
    }

    /**
     * Tells a client over HTTP/2 to ask elsewhere from now on, as soon as nothing is in flight: many clients, the JDK's among
     * them, drop what is when they hear it. Over HTTP/1 the next answer says it.
     */
    void farewell() {
        leaving = true;
        if (serving == 0) {
            farewellAtOnce();
        }
    }

    /**
     * As {@link #farewell}, whatever is in flight (RFC 9113 6.8): the client hears first that it should begin nothing more
     * here, and what it begins before it has heard that is served. Then it is told which stream is the last one: up to that
     * all are finished, and what it begins beyond it knows not to have been touched.
     */
    void farewellAtOnce() {
        if (streams == null || closed || saidFarewell) {
            return;
        }
        saidFarewell = true;
        connection.goAway(NO_ERROR, Integer.MAX_VALUE);
        connection
                .ping(Buffer.buffer(new byte[PING_BYTES]))
                .timeout(LONGEST_PING_MS, TimeUnit.MILLISECONDS)
                .onComplete(heard -> lastStream());
    }

    private void lastStream() {
        if (!closed) {
            connection.goAway(NO_ERROR);
        }
    }

    void requestBegan(Exchange exchange) {
        current = exchange;
        serving++;
        idle.disarm();
    }

    /** The guard takes nothing more of the body that is being read. */
    void refuseBody(Failure failure) {
        Exchange exchange = current;
        if (exchange == null || exchange.request().isEnded()) {
            close(); // it belongs to a request that waits for its turn
        } else {
            exchange.refuseBody(failure);
        }
    }

    void requestEnded(Exchange exchange) {
        if (current == exchange) { // else the next one has begun already
            current = null;
        }
        serving--;
        if (leaving && serving == 0) {
            farewellAtOnce();
        }
        if (!closed && serving == 0) {
            idle.arm(longestIdleMs);
        }
    }

    /** It is closed, as HTTP or as what became of it. */
    void closed() {
        if (closed) {
            return;
        }
        closed = true;
        idle.disarm();
        whenClosed.run();
    }

    /** Closes it once everything that was written was taken. */
    void close() {
        connection.close();
    }

    /** Resets what carries this request now: its stream, or the connection where that is all there is. */
    void cut(HttpServerRequest request, Sockets sockets) {
        if (closed) {
            return;
        }
        if (streams == null) {
            sockets.cutClient(connection);
        } else {
            request.response().reset(INTERNAL_ERROR);
        }
    }

    private static boolean isIn(String literal, List<Cidr> networks) {
        InetAddress parsed = inet(literal);
        return parsed != null && networks.stream().anyMatch(network -> network.contains(parsed));
    }

    private static @Nullable InetAddress inet(String literal) {
        try {
            return InetAddress.getByName(literal); // never looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
