package dev.sluice.runtime.request.guard;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;

/** Shows each header section of an HTTP/2 connection, trailers among them, before Vert.x has it. */
final class HeaderSections extends Http2FrameListenerDecorator {
    private final Seen seen;

    HeaderSections(Http2FrameListener vertx, Seen seen) {
        super(vertx);
        this.seen = seen;
    }

    /** Whoever looks at them; what it throws is the codec's to answer. */
    interface Seen {
        /** @param end whether it ends its stream */
        void section(int stream, Http2Headers headers, boolean end) throws Http2Exception;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        seen.section(stream, headers, end);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
    }
}
