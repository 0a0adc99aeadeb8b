package dev.sluice.runtime.request.guard;

import dev.sluice.model.net.Cidr;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.metrics.ProxyMeters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where connections come in. What is beyond the limits, or speaks for others without being trusted to, is closed as soon as
 * it comes; each that stays gets its guard before anybody else has a handler on it.
 */
public final class Door {
    private static final String TLS = "ssl"; // as Vert.x names it

    private final ProxySettings settings;
    private final ProxyMeters meters;
    private final Crowd crowd;

    /** @param meters told of what is closed as it comes */
    public Door(ProxySettings settings, ProxyMeters meters) {
        this.settings = settings;
        this.meters = meters;
        this.crowd = new Crowd(settings.limits());
    }

    /**
     * Lets a connection in that was just accepted.
     *
     * @param tls whether its listener speaks TLS: the guard stands behind that then
     * @return whether it stays
     */
    public boolean admit(Channel accepted, boolean tls) {
        InetAddress address = accepted.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        boolean forOthers = settings.proxyProtocol().on(tls);
        Refusal refusal = forOthers && !isIn(address, settings.trustedProxies())
                ? Refusal.UNTRUSTED_PROXY
                : crowd.enter(accepted, forOthers ? null : address);
        if (refusal != null) {
            meters.connectionRefused(refusal.label());
            accepted.unsafe().closeForcibly(); // not registered yet
            return false;
        }
        accepted.pipeline().addLast(tls ? new BehindTls() : new WireGuard(settings.limits(), forOthers));
        return true;
    }

    /**
     * Whether a client may have one more connection, now that a proxy has told its address; the connection counts for it
     * until it is closed.
     */
    public boolean admitClient(Channel open, InetAddress client) {
        boolean admitted = crowd.enterAs(open, client);
        if (!admitted) {
            meters.connectionRefused(Refusal.TOO_MANY_FROM_ADDRESS.label());
        }
        return admitted;
    }

    private static boolean isIn(@Nullable InetAddress address, List<Cidr> networks) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Waits for TLS to be there, which takes the first of several reads before anything is decrypted. */
    private final class BehindTls extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (context.pipeline().context(TLS) != null) {
                context.pipeline().addAfter(TLS, null, new WireGuard(settings.limits(), false));
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }
    }
}
