package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.ClientLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Where connections come in: each gets its guard before anybody else has a handler on it. */
public final class Door {
    private static final String TLS = "ssl"; // as Vert.x names it

    private final ClientLimits limits;

    public Door(ClientLimits limits) {
        this.limits = limits;
    }

    /**
     * Lets a connection in that was just accepted.
     *
     * @param tls whether its listener speaks TLS: the guard stands behind that then
     */
    public void admit(Channel accepted, boolean tls) {
        accepted.pipeline().addLast(tls ? new BehindTls() : new WireGuard(limits));
    }

    /** Waits for TLS to be there, which takes the first of several reads before anything is decrypted. */
    private final class BehindTls extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (context.pipeline().context(TLS) != null) {
                context.pipeline().addAfter(TLS, null, new WireGuard(limits));
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }
    }
}
