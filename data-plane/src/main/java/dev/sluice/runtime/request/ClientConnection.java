package dev.sluice.runtime.request;

import dev.sluice.model.net.Cidr;
import dev.sluice.runtime.request.Deadlines.Deadline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** A client's connection, as long as it is open. */
final class ClientConnection {
    /** From its beginning, or from the last answer, to the end of the next request's header section. */
    private static final long LONGEST_IDLE_MS = 60_000;

    private final HttpConnection connection;
    private final Deadline idle;
    private final String address;
    private final boolean trusted;
    private boolean closed;
    private boolean ending;

    ClientConnection(HttpConnection connection, Deadlines deadlines, List<Cidr> trustedProxies) {
        this.connection = connection;
        this.idle = deadlines.create(this::close);
        SocketAddress remote = connection.remoteAddress();
        String literal = remote == null ? null : remote.hostAddress();
        this.address = literal == null ? "" : literal;
        this.trusted = !trustedProxies.isEmpty() && !address.isEmpty() && isIn(address, trustedProxies);
        idle.arm(LONGEST_IDLE_MS);
    }

    /** The IP address of the other side. */
    String address() {
        return address;
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

    /** The client was told that the answer at hand is the last one. */
    void toldToEnd() {
        ending = true;
    }

    /** Whether a request that comes now will not be answered any more: its client knows that and asks elsewhere. */
    boolean ending() {
        return ending;
    }

    void requestBegan() {
        idle.disarm();
    }

    void requestEnded() {
        if (!closed) {
            idle.arm(LONGEST_IDLE_MS);
        }
    }

    void closed() {
        closed = true;
        idle.disarm();
    }

    /** Closes it once everything that was written was taken. */
    void close() {
        connection.close();
    }

    /** Resets it now. */
    void cut(Sockets sockets) {
        if (!closed) {
            sockets.cutClient(connection);
        }
    }

    private static boolean isIn(String literal, List<Cidr> networks) {
        try {
            InetAddress parsed = InetAddress.getByName(literal); // a literal is never looked up
            return networks.stream().anyMatch(network -> network.contains(parsed));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
