package dev.sluice.control.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to PostgreSQL that can be cut, or go silent with its connections open. */
public final class Link {
    private final NetServer server;
    private final NetClient client;
    private final int target;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean silent;

    public Link(Vertx vertx, int target) {
        this.client = vertx.createNetClient();
        this.target = target;
        this.server = vertx.createNetServer().connectHandler(this::accept);
    }

    /** Begins to accept; port 0 takes a free one. */
    public Future<Integer> open(int port) {
        return server.listen(port, "127.0.0.1").map(NetServer::actualPort);
    }

    public Future<Void> close() {
        return server.close();
    }

    int accepted() {
        return accepted.get();
    }

    /** Whether nothing goes through, in connections that are there and in new ones. */
    public void silent(boolean whether) {
        silent = whether;
    }

    /** Ends all connections; new ones are accepted. */
    public void cut() {
        sockets.forEach(socket -> socket.close());
    }

    private void accept(NetSocket outer) {
        accepted.incrementAndGet();
        outer.pause();
        sockets.add(outer);
        outer.closeHandler(closed -> sockets.remove(outer));
        outer.exceptionHandler(failure -> sockets.remove(outer));
        client.connect(target, "127.0.0.1").onComplete(inner -> join(outer, inner), failure -> outer.close());
    }

    private void join(NetSocket outer, NetSocket inner) {
        sockets.add(inner);
        inner.closeHandler(closed -> {
            sockets.remove(inner);
            outer.close();
        });
        inner.exceptionHandler(failure -> outer.close());
        outer.closeHandler(closed -> {
            sockets.remove(outer);
            inner.close();
        });
        inner.handler(bytes -> {
            if (!silent) {
                outer.write(bytes);
            }
        });
        outer.handler(bytes -> {
            if (!silent) {
                inner.write(bytes);
            }
        });
        outer.resume();
    }
}
