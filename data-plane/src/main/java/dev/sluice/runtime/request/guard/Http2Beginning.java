package dev.sluice.runtime.request.guard;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * What HTTP/2 begins with (RFC 9113 3.4). Vert.x tells of a connection when the other side has said it, and waits for that
 * as long as it takes.
 */
public final class Http2Beginning {
    private Http2Beginning() {}

    /** Whether it is still missing on a connection that is to speak HTTP/2; on its event loop. */
    public static boolean missing(Channel channel) {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        return http2 != null && !http2.decoder().prefaceReceived();
    }
}
