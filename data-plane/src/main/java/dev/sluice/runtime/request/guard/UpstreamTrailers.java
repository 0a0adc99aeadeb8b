package dev.sluice.runtime.request.guard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;

/** Sends the trailers of requests, which Vert.x's client does not. Called on the event loop of the upstream's connection. */
public final class UpstreamTrailers {
    private static final String HANDLER = "handler"; // as Vert.x names it

    private UpstreamTrailers() {}

    /** Over HTTP/1: behind the last chunk that goes out, which is the one of the request at hand. */
    public static void behindLastChunk(Channel upstream, MultiMap trailers) {
        HttpHeaders fields = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
        for (Map.Entry<String, String> trailer : trailers) {
            fields.add(trailer.getKey(), trailer.getValue());
        }
        upstream.pipeline().addBefore(HANDLER, null, new BehindLastChunk(fields));
    }

    /** Over HTTP/2: ends a stream with them, behind what was sent on it. Nothing where it has ended already. */
    public static void endStream(Channel upstream, int stream, MultiMap trailers) {
        ChannelHandlerContext context = upstream.pipeline().context(Http2ConnectionHandler.class);
        Http2ConnectionHandler handler = (Http2ConnectionHandler) context.handler();
        if (handler.connection().stream(stream) == null) {
            return;
        }
        Http2Headers fields = new DefaultHttp2Headers();
        for (Map.Entry<String, String> trailer : trailers) {
            fields.add(trailer.getKey().toLowerCase(Locale.ROOT), trailer.getValue());
        }
        var unused = handler.encoder().writeHeaders(context, stream, fields, 0, true, context.newPromise());
        handler.flush(context);
    }

    private static final class BehindLastChunk extends ChannelOutboundHandlerAdapter {
        private final HttpHeaders trailers;

        BehindLastChunk(HttpHeaders trailers) {
            this.trailers = trailers;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            Object sent = message;
            if (message instanceof FullHttpRequest whole) {
                sent = new DefaultFullHttpRequest(
                        whole.protocolVersion(),
                        whole.method(),
                        whole.uri(),
                        whole.content(),
                        whole.headers(),
                        trailers);
            } else if (message instanceof LastHttpContent last) {
                sent = new DefaultLastHttpContent(last.content(), trailers);
            }
            var unused = context.write(sent, promise);
            if (sent != message) {
                context.pipeline().remove(this);
            }
        }
    }
}
