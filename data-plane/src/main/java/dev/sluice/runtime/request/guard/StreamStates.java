package dev.sluice.runtime.request.guard;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Vert.x does not tell about the streams of an HTTP/2 connection: whether a request that just began has a body (it
 * may have one without a word about it in its header section, RFC 9113 8.1), and which ones the other side does not serve.
 */
public final class StreamStates {
    private final Http2Connection connection;

    private StreamStates(Http2Connection connection) {
        this.connection = connection;
    }

    /** Of a client's or an upstream's connection; null when it does not speak HTTP/2. */
    public static @Nullable StreamStates of(Channel channel) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        return handler == null ? null : new StreamStates(handler.connection());
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
}
