package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the parser of one client's connection and lets pass what can be read in one way alone. Heads pass whole:
 * one that comes in pieces is held until its end is there, so that the parser never begins one that is refused. Bodies pass
 * as they come, once the octets that frame them were looked at. A connection that turns to another protocol, HTTP/2 or
 * what an upgrade leads to, is left alone from then on.
 *
 * <p>What is refused, and everything after it, is dropped. A refused head comes out as a request whose {@link
 * DecoderResult} carries a {@link RequestFailed}; so does the head of a refused body as long as it was not passed on.
 * After that, {@link #onRefusedBody} says it.
 *
 * <p>Owned by the event loop of its channel.
 */
public final class WireGuard extends ChannelInboundHandlerAdapter {
    private static final String DECODER = "httpDecoder"; // as Vert.x names it
    private static final int NO_SUCH_PROTOCOL = 'x'; // x2c
    private static final byte[] HTTP_2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] EMPTY_LINE = {'\r', '\n'};

    /** Of a head that was not understood. */
    private static final HttpMethod UNKNOWN_METHOD = HttpMethod.valueOf("-");

    private static final String UNKNOWN_TARGET = "-";
    private static final int LEAST_HELD = 256;

    /** Most heads are shorter; a longer one takes a second look. */
    private static final int FIRST_LOOK = 2048;

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[FIRST_LOOK];
        }
    };

    private enum State {
        /** Nothing has come yet: it may still turn out to be HTTP/2. */
        BEGINNING,
        HEAD,
        BODY,
        CHUNKS,
        REFUSED,
        ANOTHER_PROTOCOL
    }

    private final ClientLimits limits;
    private final HeadScanner head;
    private State state = State.BEGINNING;
    private long bodyLeft;
    private @Nullable ProxyHeader proxyHeader;
    private final ChunkedTrailers trailers = new ChunkedTrailers();
    private @Nullable ChunkScanner chunks;
    private @Nullable ByteBuf held;
    private boolean upgradeAsked;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean headTimed;
    private @Nullable Consumer<Failure> refusedBody;

    /** @param proxied whether a PROXY protocol header comes first, which another handler reads */
    WireGuard(ClientLimits limits, boolean proxied) {
        this.limits = limits;
        this.proxyHeader = proxied ? new ProxyHeader() : null;
        this.head = new HeadScanner(limits);
    }

    /** Who is told that the body of the request at hand is refused; nothing more of it comes. */
    public void onRefusedBody(Consumer<Failure> told) {
        refusedBody = told;
    }

    /** What stood behind the chunks of bodies, of this connection's requests. */
    public ChunkedTrailers trailers() {
        return trailers;
    }

    /** The guard of this connection, as long as it speaks HTTP/1. */
    public static @Nullable WireGuard of(Channel channel) {
        return channel.pipeline().get(WireGuard.class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            awaitBeginning(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitBeginning(context);
        context.fireChannelActive();
    }

    /** Vert.x hears of a connection in the clear when its first request is there: until then nobody else looks at it. */
    private void awaitBeginning(ChannelHandlerContext context) {
        arm(context, limits.idleMs(), () -> {
            var unused = context.close();
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.ANOTHER_PROTOCOL || !(message instanceof ByteBuf read)) {
            context.fireChannelRead(message);
        } else if (state == State.REFUSED || !read.isReadable()) {
            read.release();
        } else if (proxyHeader != null) {
            afterProxyHeader(context, read, proxyHeader);
        } else if (held == null) {
            inspect(context, read);
        } else {
            // Without the end of a line there is nothing new to be found out, unless it is too long.
            boolean lineEnds = read.bytesBefore((byte) '\n') >= 0;
            ByteBuf whole = together(context, held, read);
            held = null;
            if (lineEnds || state == State.BEGINNING || whole.readableBytes() > head.longest()) {
                inspect(context, whole);
            } else {
                held = whole;
            }
        }
    }

    private void afterProxyHeader(ChannelHandlerContext context, ByteBuf read, ProxyHeader header) {
        int end = header.scan(read);
        if (header.ended()) {
            proxyHeader = null;
            context.fireChannelRead(read.readRetainedSlice(end - read.readerIndex()));
            channelRead(context, read);
        } else {
            context.fireChannelRead(read);
        }
    }

    private static ByteBuf together(ChannelHandlerContext context, ByteBuf before, ByteBuf read) {
        ByteBuf whole = before;
        if (before.writableBytes() < read.readableBytes()) {
            int octets = before.readableBytes() + read.readableBytes();
            whole = context.alloc().buffer(Math.max(octets * 2, LEAST_HELD));
            whole.writeBytes(before);
            before.release();
        }
        whole.writeBytes(read);
        read.release();
        return whole;
    }

    /** Looks at everything there is, then passes it on: a head is not passed on before its body was looked at too. */
    private void inspect(ChannelHandlerContext context, ByteBuf in) {
        int begun = -1; // where the last message that begins here does
        int at = in.readerIndex();
        int to = in.writerIndex();
        try {
            while (at < to) {
                if (state == State.BEGINNING || state == State.HEAD) {
                    if (turnsAway(context, in, at, to)) {
                        passAndLeave(context, in);
                        return;
                    }
                    begun = at;
                    int end = scanHead(context, in, at, to);
                    if (end == HeadScanner.INCOMPLETE) {
                        hold(context, in, at);
                        return;
                    }
                    at = end;
                } else {
                    at = scanBody(in, at, to);
                }
                if (state == State.HEAD && upgradeAsked) {
                    // Whether what follows is HTTP still is decided by whoever serves this request.
                    pass(context, in.readRetainedSlice(at - in.readerIndex()));
                }
            }
        } catch (RequestFailed refused) {
            refuse(context, in, begun, refused.failure());
            return;
        }
        if (in.isReadable()) {
            pass(context, in);
        } else {
            in.release();
        }
    }

    private int scanHead(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        if (mayBecomePreface(context, in, from, to)) {
            return HeadScanner.INCOMPLETE;
        }
        int most = Math.min(to - from, head.longest() + 1);
        int look = Math.min(most, FIRST_LOOK);
        int end = look(in, from, look);
        if (end == HeadScanner.INCOMPLETE && look < most) {
            end = look(in, from, most);
        }
        if (end == HeadScanner.INCOMPLETE) {
            return HeadScanner.INCOMPLETE;
        }
        if (head.http2At() >= 0 && !head.http2Possible()) {
            // Vert.x would answer 400 and leave it at that, or lose a body's framing. Nobody need take up an upgrade.
            in.setByte(from + head.http2At(), NO_SUCH_PROTOCOL);
        }
        upgradeAsked = head.upgrade();
        bodyLeft = head.length();
        if (head.chunked()) {
            chunks = new ChunkScanner(limits);
            state = State.CHUNKS;
        } else {
            state = bodyLeft > 0 ? State.BODY : State.HEAD;
        }
        return end;
    }

    private int look(ByteBuf in, int from, int octets) {
        if (in.hasArray()) {
            int offset = in.arrayOffset() + from;
            int end = head.scan(in.array(), offset, offset + octets);
            return end == HeadScanner.INCOMPLETE ? end : end - in.arrayOffset();
        }
        byte[] scratch = SCRATCH.get();
        if (scratch.length < octets) {
            scratch = new byte[octets];
            SCRATCH.set(scratch);
        }
        in.getBytes(from, scratch, 0, octets);
        int end = head.scan(scratch, 0, octets);
        return end == HeadScanner.INCOMPLETE ? end : from + end;
    }

    private int scanBody(ByteBuf in, int from, int to) {
        ChunkScanner scanner = chunks;
        if (scanner != null) {
            int at = scanner.scan(in, from, to);
            if (scanner.done()) {
                trailers.ended(scanner.trailers());
                chunks = null;
                state = State.HEAD;
            }
            return at;
        }
        int taken = (int) Math.min(bodyLeft, to - from);
        bodyLeft -= taken;
        if (bodyLeft == 0) {
            state = State.HEAD;
        }
        return from + taken;
    }

    /** Whether what begins here is no HTTP/1 any more. */
    private boolean turnsAway(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        if (state == State.BEGINNING) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            return tls == null
                    ? to - from >= HTTP_2_PREFACE.length && begins(in, from, HTTP_2_PREFACE.length)
                    : "h2".equals(tls.applicationProtocol());
        }
        return upgradeAsked && context.pipeline().context(DECODER) == null;
    }

    private boolean mayBecomePreface(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        return state == State.BEGINNING
                && to - from < HTTP_2_PREFACE.length
                && begins(in, from, to - from)
                && context.pipeline().get(SslHandler.class) == null;
    }

    private static boolean begins(ByteBuf in, int from, int octets) {
        for (int i = 0; i < octets; i++) {
            if (in.getByte(from + i) != HTTP_2_PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    private void passAndLeave(ChannelHandlerContext context, ByteBuf in) {
        if (state == State.BEGINNING) {
            awaitSettings(context.channel());
        }
        state = State.ANOTHER_PROTOCOL;
        pass(context, in);
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    /** Until the client's first frame is there nobody else looks at a connection over HTTP/2. */
    private void awaitSettings(Channel channel) {
        var unused =
                channel.eventLoop().schedule(() -> closeIfSilent(channel), limits.headerMs(), TimeUnit.MILLISECONDS);
    }

    private static void closeIfSilent(Channel channel) {
        if (Http2Beginning.missing(channel)) {
            var unused = channel.close();
        }
    }

    private void pass(ChannelHandlerContext context, ByteBuf in) {
        if (deadline != null) {
            disarm();
        }
        context.fireChannelRead(in);
    }

    /** Keeps a head that is not whole; what is before it passes. */
    private void hold(ChannelHandlerContext context, ByteBuf in, int from) {
        if (from > in.readerIndex()) {
            ByteBuf rest = context.alloc().buffer(Math.max(in.writerIndex() - from, LEAST_HELD));
            rest.writeBytes(in, from, in.writerIndex() - from);
            in.writerIndex(from);
            held = rest;
            pass(context, in);
        } else {
            held = in;
        }
        if (!headTimed && state != State.ANOTHER_PROTOCOL) {
            disarm();
            arm(context, limits.headerMs(), () -> {
                if (state == State.BEGINNING || state == State.HEAD) {
                    refuseHead(context, Failure.REQUEST_TIMEOUT);
                }
            });
            headTimed = true;
        }
    }

    private void refuse(ChannelHandlerContext context, ByteBuf in, int begun, Failure failure) {
        if (begun < 0) {
            in.release();
            refuseBody(context, failure);
            return;
        }
        if (begun > in.readerIndex()) {
            in.writerIndex(begun);
            pass(context, in);
        } else {
            in.release();
        }
        refuseHead(context, failure);
    }

    private void refuseBody(ChannelHandlerContext context, Failure failure) {
        state = State.REFUSED;
        if (refusedBody == null) {
            var unused = context.close();
        } else {
            refusedBody.accept(failure);
        }
    }

    private void refuseHead(ChannelHandlerContext context, Failure failure) {
        state = State.REFUSED;
        disarm();
        dropHeld();
        ChannelPipeline pipeline = context.pipeline();
        if (pipeline.context(DECODER) == null) {
            // Anything but the beginning of HTTP/2 makes Vert.x set up HTTP/1; an empty line is passed over by its
            // parser.
            context.fireChannelRead(Unpooled.wrappedBuffer(EMPTY_LINE));
        }
        ChannelHandlerContext decoder = pipeline.context(DECODER);
        if (decoder == null) {
            var unused = context.close();
            return;
        }
        DefaultHttpRequest refused = new DefaultHttpRequest(HttpVersion.HTTP_1_1, UNKNOWN_METHOD, UNKNOWN_TARGET);
        refused.setDecoderResult(DecoderResult.failure(new RequestFailed(failure)));
        decoder.fireChannelRead(refused);
        decoder.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        disarm();
        dropHeld();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        disarm();
        dropHeld();
    }

    private void dropHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void arm(ChannelHandlerContext context, int millis, Runnable passed) {
        if (deadline == null) {
            deadline = context.executor().schedule(passed, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void disarm() {
        headTimed = false;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
