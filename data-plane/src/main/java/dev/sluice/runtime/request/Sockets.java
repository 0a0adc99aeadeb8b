package dev.sluice.runtime.request;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.vertx.core.Future;
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

/** The proxy's sockets: listening ones, clients' by their remote address, upstreams' by their local one. */
final class Sockets {
    private final Queue<Channel> listening = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<java.net.SocketAddress, Channel> accepted = new ConcurrentHashMap<>();
    private final Set<Channel> connected = ConcurrentHashMap.newKeySet();

    void listening(ServerChannel channel) {
        listening.add(channel);
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof Channel child) {
                    remember(child.remoteAddress(), child);
                }
                context.fireChannelRead(message);
            }
        });
    }

    void connecting(Channel channel) {
        connected.add(channel);
        channel.closeFuture().addListener(closed -> connected.remove(channel));
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
        InetSocketAddress remote = inet(connection.remoteAddress());
        Channel channel = remote == null ? null : accepted.get(remote);
        if (channel == null) {
            connection.close();
        } else {
            cut(channel);
        }
    }

    /** Resets an upstream's connection, as {@link #cutClient}. Looks at all of them. */
    void cutUpstream(HttpConnection connection) {
        InetSocketAddress local = inet(connection.localAddress());
        if (local == null) {
            connection.close();
            return;
        }
        for (Channel channel : connected) {
            if (local.equals(channel.localAddress())) {
                cut(channel);
            }
        }
    }

    /** Resets every connection. */
    void cutAll() {
        accepted.values().forEach(Sockets::cut);
        connected.forEach(Sockets::cut);
    }

    private void remember(java.net.@Nullable SocketAddress remote, Channel channel) {
        if (remote != null) {
            accepted.put(remote, channel);
            channel.closeFuture().addListener(closed -> accepted.remove(remote, channel));
        }
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
}
