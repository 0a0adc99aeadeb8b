package dev.sluice.runtime.request.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether an upstream has said an answer over HTTP/2 to its end. After GOAWAY Vert.x takes every stream that closes for one
 * that broke off, and does not tell the end of an answer that was waiting for its reader then. Owned by the event loop of the
 * connection.
 */
public final class AnswerEnds {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey progress;

    private AnswerEnds(Http2Connection connection) {
        this.connection = connection;
        this.progress = connection.newKey();
    }

    /**
     * An answer that has come to its end.
     *
     * @param octets of its body
     * @param trailers null for none
     */
    public record Whole(long octets, @Nullable MultiMap trailers) {}

    private static final class Progress {
        private long octets;
        private boolean ended;
        private @Nullable Http2Headers trailers;
    }

    /** Watches an upstream's connection from now on; null when it does not speak HTTP/2. */
    public static @Nullable AnswerEnds watching(Channel upstream) {
        Http2ConnectionHandler handler = upstream.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) {
            return null;
        }
        AnswerEnds ends = new AnswerEnds(handler.connection());
        Http2FrameListener data = ends.new Watch(handler.decoder().frameListener());
        handler.decoder().frameListener(new HeaderSections(data, ends::ended));
        return ends;
    }

    /** The answer on a stream that just closes; null when it is not there to its end. */
    public @Nullable Whole of(int stream) {
        Http2Stream asked = connection.stream(stream);
        Progress found = asked == null ? null : asked.getProperty(progress);
        if (found == null || !found.ended) {
            return null;
        }
        return new Whole(found.octets, found.trailers == null ? null : StreamStates.fields(found.trailers));
    }

    private @Nullable Progress at(int stream) {
        Http2Stream moving = connection.stream(stream);
        if (moving == null) {
            return null;
        }
        Progress known = moving.getProperty(progress);
        if (known == null) {
            known = new Progress();
            moving.setProperty(progress, known);
        }
        return known;
    }

    private void ended(int stream, Http2Headers headers, boolean end) {
        Progress made = end ? at(stream) : null;
        if (made != null) {
            made.ended = true;
            made.trailers = headers.status() == null ? headers : null;
        }
    }

    private final class Watch extends Http2FrameListenerDecorator {
        Watch(Http2FrameListener vertx) {
            super(vertx);
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            Progress made = at(stream);
            if (made != null) {
                made.octets += data.readableBytes();
                made.ended = end;
            }
            return super.onDataRead(context, stream, data, padding, end);
        }
    }
}
