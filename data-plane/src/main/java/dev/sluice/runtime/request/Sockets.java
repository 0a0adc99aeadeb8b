package dev.sluice.runtime.request;

import dev.sluice.runtime.request.guard.AnswerEnds;
import dev.sluice.runtime.request.guard.Door;
import dev.sluice.runtime.request.guard.InterimAnswers;
import dev.sluice.runtime.request.guard.OnHeap;
import dev.sluice.runtime.request.guard.StreamStates;
import dev.sluice.runtime.request.guard.UpstreamTrailers;
import dev.sluice.runtime.request.guard.WireGuard;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's sockets: listening ones, clients' by the addresses of their two ends, upstreams'
 * as they come. One address is not enough: two connections may share one while they differ in the other.
 */
final class Sockets {
    /** On a listening channel: whether TLS is spoken there. */
    static final AttributeKey<Boolean> TLS = AttributeKey.valueOf(Sockets.class, "TLS");

    private final Door door;
    private final Queue<Channel> listening = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<Ends, Channel> accepted = new ConcurrentHashMap<>();
    private final Set<UpstreamSocket> connecting = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Ends, UpstreamSocket> connected = new ConcurrentHashMap<>();

    Sockets(Door door) {
        this.door = door;
    }

    void listening(ServerChannel channel) {
        listening.add(channel);
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof Channel child) {
                    if (!door.admit(child, Boolean.TRUE.equals(channel.attr(TLS).get()))) {
                        return;
                    }
                    remember(child);
                }
                context.fireChannelRead(message);
            }
        });
    }

    void connecting(Channel channel) {
        UpstreamSocket socket = UpstreamSocket.at(channel, this::connected);
        connecting.add(socket);
        channel.closeFuture().addListener(closed -> connecting.remove(socket));
    }

    private void connected(UpstreamSocket socket) {
        Channel channel = socket.channel();
        Ends ends = Ends.of(channel);
        if (ends != null) {
            connected.put(ends, socket);
            channel.closeFuture().addListener(closed -> connected.remove(ends, socket));
        }
    }

    /** An upstream's connection speaks HTTP now; on its event loop. */
    void speaksHttp(HttpConnection upstream) {
        UpstreamSocket socket = upstream(upstream);
        if (socket != null) {
            socket.speaksHttp();
        }
    }

    /**
     * Sends a client what comes before its answer, as {@link InterimAnswers#send}.
     *
     * @param stream of HTTP/2; whatever over HTTP/1
     */
    void sendInterim(HttpConnection client, int stream, int status, MultiMap fields) {
        Channel channel = accepted(client);
        if (channel != null) {
            InterimAnswers.send(channel, stream, status, fields);
        }
    }

    /** Closes the listening sockets; connections that they accepted stay. */
    Future<Void> closeListening() {
        List<Future<Void>> closed = new ArrayList<>();
        for (Channel channel = listening.poll(); channel != null; channel = listening.poll()) {
            Promise<Void> done = Promise.promise();
            channel.close().addListener(close -> done.complete());
            closed.add(done.future());
        }
        return closed.isEmpty() ? Future.succeededFuture() : Future.all(closed).mapEmpty();
    }

    /** Resets a client's connection: it cannot be taken for an orderly end, and nothing is waited for. */
    void cutClient(HttpConnection connection) {
        Channel channel = accepted(connection);
        if (channel == null) {
            connection.close();
        } else {
            cut(channel);
        }
    }

    /** The guard of a client's connection, asked for once, when it is there; null when it does not speak HTTP/1. */
    @Nullable
    WireGuard guard(HttpConnection connection) {
        Channel channel = accepted(connection);
        WireGuard guard = channel == null ? null : WireGuard.of(channel);
        if (channel != null && guard != null) {
            OnHeap.before(channel);
        }
        return guard;
    }

    /** The streams of a client's connection, asked for once, when it is there; null when it does not speak HTTP/2. */
    @Nullable
    StreamStates streams(HttpConnection connection) {
        Channel channel = accepted(connection);
        return channel == null ? null : StreamStates.watching(channel);
    }

    /**
     * Whether the client of a connection that came by a proxy may have one more.
     *
     * @param client the address that the proxy told
     */
    boolean mayEnter(HttpConnection connection, InetAddress client) {
        Channel channel = accepted(connection);
        return channel == null || door.admitClient(channel, client);
    }

    private @Nullable Channel accepted(HttpConnection connection) {
        Ends ends = Ends.of(connection);
        return ends == null ? null : accepted.get(ends);
    }

    /** Resets an upstream's connection, as {@link #cutClient}. */
    void cutUpstream(HttpConnection connection) {
        UpstreamSocket socket = upstream(connection);
        if (socket == null) {
            connection.close();
        } else {
            cut(socket.channel());
        }
    }

    /** Where an upstream's connection is at its socket; null when it is closed. */
    @Nullable
    UpstreamSocket upstream(HttpConnection connection) {
        Ends ends = Ends.of(connection);
        return ends == null ? null : upstream(ends);
    }

    @Nullable
    UpstreamSocket upstream(Ends ends) {
        return connected.get(ends);
    }

    /** Sends trailers behind the last chunk of the request at hand, over HTTP/1; on the connection's event loop. */
    void trailLastChunk(HttpConnection upstream, MultiMap trailers) {
        UpstreamSocket socket = upstream(upstream);
        if (socket != null) {
            UpstreamTrailers.behindLastChunk(socket.channel(), trailers);
        }
    }

    /** Ends a request with trailers, over HTTP/2; on the connection's event loop. */
    void endStream(HttpConnection upstream, int stream, MultiMap trailers) {
        UpstreamSocket socket = upstream(upstream);
        if (socket != null) {
            UpstreamTrailers.endStream(socket.channel(), stream, trailers);
        }
    }

    /** An upstream's answer on a stream that just closes, if it is there to its end; on the connection's event loop. */
    AnswerEnds.@Nullable Whole answer(HttpConnection connection, int stream) {
        UpstreamSocket socket = upstream(connection);
        return socket == null ? null : socket.answer(stream);
    }

    /** Whether a stream to an upstream is beyond the last one that the upstream serves; on its event loop. */
    boolean beyondGoAway(HttpConnection connection, int stream) {
        UpstreamSocket socket = upstream(connection);
        StreamStates streams = socket == null ? null : StreamStates.of(socket.channel());
        return streams != null && streams.beyondGoAway(stream);
    }

    /** Resets every connection. */
    void cutAll() {
        accepted.values().forEach(Sockets::cut);
        connecting.forEach(socket -> cut(socket.channel()));
    }

    private void remember(Channel channel) {
        Ends ends = Ends.of(channel);
        if (ends != null) {
            accepted.put(ends, channel);
            channel.closeFuture().addListener(closed -> accepted.remove(ends, channel));
        }
    }

    private static void cut(Channel channel) {
        channel.eventLoop().execute(() -> {
            if (!channel.isOpen()) {
                return;
            }
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            ChannelHandlerContext first = channel.pipeline().firstContext();
            if (first == null) {
                var unused = channel.close();
            } else {
                var unused = first.close(); // past Vert.x's own handler, which would wait
            }
        });
    }

    /** What tells a connection from every other that is open. */
    record Ends(java.net.SocketAddress local, java.net.SocketAddress remote) {
        private static @Nullable Ends of(Channel channel) {
            java.net.SocketAddress local = channel.localAddress();
            java.net.SocketAddress remote = channel.remoteAddress();
            return local == null || remote == null ? null : new Ends(local, remote);
        }

        private static @Nullable Ends of(HttpConnection connection) {
            InetSocketAddress local = inet(connection.localAddress(true));
            InetSocketAddress remote = inet(connection.remoteAddress(true));
            return local == null || remote == null ? null : new Ends(local, remote);
        }

        private static @Nullable InetSocketAddress inet(@Nullable SocketAddress address) {
            String literal = address == null ? null : address.hostAddress();
            if (address == null || literal == null) {
                return null;
            }
            try {
                return new InetSocketAddress(InetAddress.getByName(literal), address.port()); // never looked up
            } catch (UnknownHostException e) {
                return null;
            }
        }
    }
}
