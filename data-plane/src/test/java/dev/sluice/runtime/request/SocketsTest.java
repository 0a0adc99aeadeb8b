package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.HostPort;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.ProxyProtocol;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.RuntimeSettings.TlsSettings;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.request.guard.Door;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SocketsTest {
    private static final ProxySettings SETTINGS = new ProxySettings(
            new HostPort("127.0.0.1", 0),
            TlsSettings.OFF,
            1,
            Limits.DEFAULT,
            Limits.BUFFERS,
            List.of(),
            ProxyProtocol.OFF,
            DeniedNetworks.ALWAYS_DENIED,
            Set.of(),
            false,
            ObservedSettings.OFF,
            Duration.ZERO,
            Duration.ZERO);

    @Test
    void connectionsFromOnePortToTwoUpstreamsAreToldApart() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Sockets sockets = new Sockets(new Door(SETTINGS, new ProxyMeters(new SimpleMeterRegistry())));
        try (RawUpstream one = RawUpstream.answering(RawUpstream.OK);
                RawUpstream other = RawUpstream.answering(RawUpstream.OK)) {
            Channel toOne = connect(group, sockets, loopback(0), one.port());
            Channel toOther = connect(group, sockets, toOne.localAddress(), other.port());

            assertThat(toOther.localAddress()).isEqualTo(toOne.localAddress());
            assertThat(found(sockets, toOne.localAddress(), one.port())).isSameAs(toOne);
            assertThat(found(sockets, toOne.localAddress(), other.port())).isSameAs(toOther);
        } finally {
            group.shutdownGracefully().syncUninterruptibly();
        }
    }

    private static Channel found(Sockets sockets, SocketAddress local, int port) {
        return Objects.requireNonNull(sockets.upstream(new Sockets.Ends(local, loopback(port))))
                .channel();
    }

    /** From a port that is shared, as the kernel does when few are left. */
    private static Channel connect(EventLoopGroup group, Sockets sockets, SocketAddress local, int port)
            throws InterruptedException {
        Channel channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(loopback(port), local)
                .sync()
                .channel();
        channel.eventLoop().submit(() -> sockets.connecting(channel)).sync();
        return channel;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
