package dev.sluice.runtime.request.guard;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;

/**
 * What comes before an answer (RFC 9110 15.2). Of an upstream Vert.x understands 100 and 103, and takes any other for the
 * answer; to clients it sends these two alone. Here the others pass: an upstream's come out as 103, whose handler is told
 * their status by a field, and a client's go past Vert.x.
 */
public final class InterimAnswers {
    /** The status of an interim answer, among its fields; never what an upstream says under that name. */
    public static final String STATUS = "sluice-interim-status";

    private static final String CODEC = "codec"; // as Vert.x names it at an upstream's connection
    private static final String HANDLER = "handler"; // as Vert.x names it at either

    private InterimAnswers() {}

    /** Looks at what an upstream says from now on; called once, on its event loop, when the connection is there. */
    public static void understand(Channel upstream) {
        ChannelPipeline pipeline = upstream.pipeline();
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (http2 != null) {
            http2.decoder()
                    .frameListener(new HeaderSections(http2.decoder().frameListener(), InterimAnswers::overHttp2));
        } else if (pipeline.context(CODEC) != null) {
            pipeline.addAfter(CODEC, null, new OverHttp1());
        }
    }

    /**
     * Sends one to a client, before the head of its answer; called on its event loop.
     *
     * @param stream of HTTP/2; whatever over HTTP/1
     * @param fields in whatever case
     * @throws IllegalArgumentException when there is a field that may not be sent; nothing is then
     */
    public static void send(Channel client, int stream, int status, MultiMap fields) {
        ChannelPipeline pipeline = client.pipeline();
        ChannelHandlerContext http2 = pipeline.context(Http2ConnectionHandler.class);
        ChannelHandlerContext http1 = pipeline.context(HANDLER);
        if (http2 != null) {
            sendOverHttp2(http2, stream, status, fields);
        } else if (http1 != null) {
            DefaultFullHttpResponse interim = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER);
            for (Map.Entry<String, String> field : fields) {
                interim.headers().add(field.getKey(), field.getValue());
            }
            var unused = http1.writeAndFlush(interim);
        }
    }

    private static void sendOverHttp2(ChannelHandlerContext context, int stream, int status, MultiMap fields) {
        Http2ConnectionHandler handler = (Http2ConnectionHandler) context.handler();
        if (handler.connection().stream(stream) == null) {
            return; // reset
        }
        Http2Headers headers = new DefaultHttp2Headers();
        headers.status(Integer.toString(status));
        for (Map.Entry<String, String> field : fields) {
            headers.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
        }
        var unused = handler.encoder().writeHeaders(context, stream, headers, 0, false, context.newPromise());
        handler.flush(context);
    }

    /** Beside 100, which has a handler of its own, and 101, which is an answer, the last one in HTTP. */
    private static boolean interim(int status) {
        return status > 101 && status < 200;
    }

    private static final class OverHttp1 extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response
                    && interim(response.status().code())) {
                response.headers().set(STATUS, response.status().codeAsText());
                response.setStatus(HttpResponseStatus.EARLY_HINTS);
            }
            context.fireChannelRead(message);
        }
    }

    private static void overHttp2(int stream, Http2Headers headers, boolean end) throws Http2Exception {
        CharSequence status = headers.status();
        if (status == null || HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
            return;
        }
        if (end) { // RFC 9113 8.1
            throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "Ends before its answer");
        }
        if (interim(Integer.parseInt(status, 0, status.length(), 10))) {
            headers.set(STATUS, status);
            headers.status(HttpResponseStatus.EARLY_HINTS.codeAsText());
        }
    }
}
