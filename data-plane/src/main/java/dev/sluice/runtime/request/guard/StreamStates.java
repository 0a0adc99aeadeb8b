package dev.sluice.runtime.request.guard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * What Vert.x does not tell about the streams of an HTTP/2 connection: whether a request that just began has a body (it
 * may have one without a word about it in its header section, RFC 9113 8.1), what came behind that, and which ones the
 * other side does not serve.
 */
public final class StreamStates {
    /** After so many, what is written goes out though more is to come. */
    private static final int MOST_FLUSHES = 256;

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey trailers;

    private StreamStates(Http2Connection connection) {
        this.connection = connection;
        this.trailers = connection.newKey();
    }

    /** Of a client's or an upstream's connection; null when it does not speak HTTP/2. */
    public static @Nullable StreamStates of(Channel channel) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        return handler == null ? null : new StreamStates(handler.connection());
    }

    /**
     * As {@link #of}, and sees what comes from now on; called once for each connection. What is written within one turn of
     * the event loop goes out together: of an answer the header section, the data and the end would else each go alone.
     */
    public static @Nullable StreamStates watching(Channel channel) {
        StreamStates states = of(channel);
        if (states != null) {
            ChannelHandlerContext codec = channel.pipeline().context(Http2ConnectionHandler.class);
            Http2ConnectionDecoder decoder = ((Http2ConnectionHandler) codec.handler()).decoder();
            decoder.frameListener(new HeaderSections(decoder.frameListener(), states::ended));
            channel.pipeline().addBefore(codec.name(), null, new FlushConsolidationHandler(MOST_FLUSHES, true));
        }
        return states;
    }

    /** The trailers of a request whose stream is watched, once its body has ended; null for none. */
    public @Nullable MultiMap trailers(int stream) {
        Http2Stream asked = connection.stream(stream);
        Http2Headers found = asked == null ? null : asked.getProperty(trailers);
        return found == null ? null : fields(found);
    }

    static MultiMap fields(Http2Headers section) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        section.forEach(
                field -> fields.add(field.getKey().toString(), field.getValue().toString()));
        return fields;
    }

    /** Whether anything may still come on that stream; to be asked on its event loop, before its first DATA frame is read. */
    public boolean bodyFollows(int stream) {
        Http2Stream asked = connection.stream(stream);
        return asked != null && asked.state().remoteSideOpen();
    }

    /** Whether a stream begun here is beyond the last one in the other side's latest GOAWAY; on its event loop. */
    public boolean beyondGoAway(int stream) {
        return connection.goAwayReceived() && stream > connection.local().lastStreamKnownByPeer();
    }

    private void ended(int stream, Http2Headers headers, boolean end) {
        Http2Stream ending = end ? connection.stream(stream) : null;
        if (ending != null && ending.isTrailersReceived()) {
            ending.setProperty(trailers, headers);
        }
    }
}
