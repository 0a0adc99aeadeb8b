package dev.sluice.runtime.request;

import dev.sluice.runtime.request.guard.AnswerEnds;
import dev.sluice.runtime.request.guard.Http2Beginning;
import dev.sluice.runtime.request.guard.InterimAnswers;
import dev.sluice.runtime.request.guard.OnHeap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's connection, at the socket. It ends as soon as the upstream ends it, unless somebody has stopped reading
 * it: then it ends when that one has read what came before the end. Without this Vert.x throws away what it holds for a
 * reader that is slow. It ends, too, when the upstream does not begin HTTP/2 within the time that it had to connect. Owned by the channel's event loop.
 */
@Sharable // of one channel alone, but more than once in its life
final class UpstreamSocket extends ChannelDuplexHandler {
    private final Channel channel;
    private final Consumer<UpstreamSocket> connected;
    private boolean held;
    private boolean ended;
    private int releases;
    private @Nullable AnswerEnds answerEnds;
    private @Nullable ScheduledFuture<?> beginning;

    private UpstreamSocket(Channel channel, Consumer<UpstreamSocket> connected) {
        this.channel = channel;
        this.connected = connected;
    }

    /**
     * Takes its place in a channel that was just made.
     *
     * @param connected told when both ends have addresses, before Vert.x makes an HTTP connection of it
     */
    static UpstreamSocket at(Channel channel, Consumer<UpstreamSocket> connected) {
        UpstreamSocket socket = new UpstreamSocket(channel, connected);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addFirst(socket);
        return socket;
    }

    Channel channel() {
        return channel;
    }

    /** Vert.x has made an HTTP connection of it. */
    void speaksHttp() {
        if (beginning != null) {
            beginning.cancel(false);
        }
        answerEnds = AnswerEnds.watching(channel);
        InterimAnswers.understand(channel);
        if (answerEnds == null) { // over HTTP/2 Vert.x copies what comes at once
            OnHeap.before(channel);
        }
    }

    /** The answer on a stream of HTTP/2 that just closes; null when it is not there to its end. */
    AnswerEnds.@Nullable Whole answer(int stream) {
        return answerEnds == null ? null : answerEnds.of(stream);
    }

    /** Nobody reads for now. */
    void hold() {
        held = true;
    }

    /** Somebody reads again. */
    void release() {
        held = false;
        releases++;
        if (ended) {
            endSoon();
        }
    }

    /** What Vert.x holds is handed out by a task that may be on its way; only then it can be seen whether it was taken. */
    private void endSoon() {
        int now = releases;
        channel.eventLoop().execute(() -> channel.eventLoop().execute(() -> {
            if (!held && releases == now) {
                end();
            }
        }));
    }

    private void end() {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null) {
            var unused = first.close(); // past Vert.x's own handler, which would wait for what is still written
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (channel.isActive()) {
            connected.accept(this);
            awaitBeginning();
        }
    }

    /** An upstream that lets itself be connected to and then says nothing would keep its place for ever. */
    private void awaitBeginning() {
        if (beginning == null) {
            beginning = channel.eventLoop()
                    .schedule(
                            () -> {
                                if (Http2Beginning.missing(channel)) {
                                    end();
                                }
                            },
                            channel.config().getConnectTimeoutMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** Vert.x clears the pipeline when the connection is made, before it makes an HTTP connection of it. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (channel.isOpen()) {
            channel.pipeline().addFirst(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ended = true;
            endSoon();
        } else if (event != ChannelInputShutdownReadComplete.INSTANCE) {
            context.fireUserEventTriggered(event);
        }
    }

    /** Once everything was read there is nothing to watch for: epoll would fail, and take the connection down. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (!ended) {
            context.read();
        }
    }
}
