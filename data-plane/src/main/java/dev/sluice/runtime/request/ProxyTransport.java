package dev.sluice.runtime.request;

import dev.sluice.runtime.request.guard.Door;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The platform's transport, which lets connections in by the {@link Door} and remembers the sockets that are made through it, for two things that Vert.x does not do: to
 * close the listening sockets alone (it closes idle connections with them, and a request that is on its way into one of
 * those would be lost), and to cut a connection at once (it waits until everything was taken that was written, which may
 * be for ever).
 */
final class ProxyTransport implements io.vertx.core.transport.Transport {
    private final io.vertx.core.transport.Transport platform;
    private final Sockets sockets;
    private final Transport implementation;

    private ProxyTransport(io.vertx.core.transport.Transport platform, Sockets sockets) {
        this.platform = platform;
        this.sockets = sockets;
        this.implementation = new Recording(platform.implementation(), sockets);
    }

    /**
     * Over the native transport where there is one, else over NIO.
     *
     * @param door what each connection comes in by
     */
    static ProxyTransport best(Door door) {
        io.vertx.core.transport.Transport nativeOne = io.vertx.core.transport.Transport.nativeTransport();
        return new ProxyTransport(
                nativeOne != null && nativeOne.available() ? nativeOne : io.vertx.core.transport.Transport.NIO,
                new Sockets(door));
    }

    /** The sockets made through this. */
    Sockets sockets() {
        return sockets;
    }

    @Override
    public String name() {
        return platform.name();
    }

    @Override
    public boolean available() {
        return platform.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return platform.unavailabilityCause();
    }

    @Override
    public Transport implementation() {
        return implementation;
    }

    private record Recording(Transport platform, Sockets sockets) implements Transport {
        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            ChannelFactory<? extends ServerChannel> factory = platform.serverChannelFactory(domainSocket);
            return () -> {
                ServerChannel channel = factory.newChannel();
                sockets.listening(channel);
                return channel;
            };
        }

        @Override
        public boolean supportsDomainSockets() {
            return platform.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return platform.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return platform.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return platform.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return platform.convert(address);
        }

        @Override
        public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
            return platform.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return platform.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory threadFactory, int ioRatio) {
            return platform.eventLoopGroup(type, threads, threadFactory, ioRatio);
        }

        @Override
        public DatagramChannel datagramChannel() {
            return platform.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // named by the interface
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return platform.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            ChannelFactory<? extends Channel> factory = platform.channelFactory(domainSocket);
            return () -> {
                Channel channel = factory.newChannel();
                sockets.connecting(channel);
                return channel;
            };
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            platform.configure(channel, options);
        }

        @Override
        public void configure(ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
            platform.configure(options, timeout, domainSocket, bootstrap);
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            platform.configure(options, domainSocket, bootstrap);
            bootstrap.attr(Sockets.TLS, options.isSsl());
        }
    }
}
