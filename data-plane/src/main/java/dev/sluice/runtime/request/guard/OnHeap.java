package dev.sluice.runtime.request.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;

/**
 * Copies content out of memory that somebody has to give back, before Vert.x has it. Vert.x copies it too, but only when it
 * is its turn: what waits in a connection that is paused it forgets when that is closed, and the memory with it. What is
 * copied here is not copied there.
 */
@Sharable
public final class OnHeap extends ChannelInboundHandlerAdapter {
    private static final String HANDLER = "handler"; // as Vert.x names it, of HTTP/1 and of what comes after it
    private static final OnHeap HERE = new OnHeap();

    private OnHeap() {}

    /** From now on, on a connection that speaks HTTP/1, a client's or an upstream's; called once, on its event loop. */
    public static void before(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.context(HANDLER) != null) {
            pipeline.addBefore(HANDLER, null, HERE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpContent part && part.content().isReadable()) {
            context.fireChannelRead(part.replace(copy(part.content())));
        } else if (message instanceof ByteBuf octets && octets.isReadable()) {
            context.fireChannelRead(copy(octets));
        } else {
            context.fireChannelRead(message);
        }
    }

    private static ByteBuf copy(ByteBuf octets) {
        try {
            return Unpooled.buffer(octets.readableBytes())
                    .writeBytes(octets, octets.readerIndex(), octets.readableBytes());
        } finally {
            octets.release();
        }
    }
}
