package dev.sluice.runtime.request.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OnHeapTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    OnHeapTest() {
        channel.pipeline().addLast("handler", new ChannelInboundHandlerAdapter());
        OnHeap.before(channel);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf pooled(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void contentIsCopiedAndItsMemoryGivenBack() {
        ByteBuf first = pooled("abc");
        ByteBuf last = pooled("de");
        DefaultLastHttpContent end = new DefaultLastHttpContent(last);
        end.trailingHeaders().add("x-sum", "5");

        channel.writeInbound(new DefaultHttpContent(first), end);

        HttpContent copied = channel.readInbound();
        assertThat(copied.content().toString(StandardCharsets.US_ASCII)).isEqualTo("abc");
        assertThat(copied.content().isDirect()).isFalse();
        LastHttpContent ending = channel.readInbound();
        assertThat(ending.content().toString(StandardCharsets.US_ASCII)).isEqualTo("de");
        assertThat(ending.trailingHeaders().get("x-sum")).isEqualTo("5");
        assertThat(first.refCnt()).isZero();
        assertThat(last.refCnt()).isZero();
    }

    @Test
    void soAreTheOctetsOfWhatAConnectionBecame() {
        ByteBuf octets = pooled("abc");
        octets.readByte();

        channel.writeInbound(octets);

        ByteBuf copied = channel.readInbound();
        assertThat(copied.toString(StandardCharsets.US_ASCII)).isEqualTo("bc");
        assertThat(copied.isDirect()).isFalse();
        assertThat(octets.refCnt()).isZero();
    }

    @Test
    void anEndWithoutContentIsTheSame() {
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);

        Object passed = channel.readInbound();
        assertThat(passed).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
    }
}
