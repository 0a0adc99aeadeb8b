package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HeldBodyTest {
    private static final int MOST = 64 * 1024;

    private final HeldBody held = new HeldBody();

    private static String text(List<Buffer> pieces) {
        return pieces.stream().map(Buffer::toString).collect(Collectors.joining());
    }

    @Test
    void shortPiecesArePutTogether() {
        for (int i = 0; i < 10_000; i++) {
            held.copy(Buffer.buffer(Integer.toString(i % 10)), MOST);
        }

        List<Buffer> pieces = held.open();
        assertThat(pieces).hasSizeLessThan(20);
        assertThat(text(pieces)).isEqualTo("0123456789".repeat(1_000));
    }

    @Test
    void aPieceThatStandsAloneIsNotCopied() {
        Buffer only = Buffer.buffer("only");
        Buffer long1 = Buffer.buffer("x".repeat(16 * 1024));

        held.copy(only, MOST);
        held.copy(long1, MOST);

        assertThat(held.open()).satisfiesExactly(first -> assertThat(first).isSameAs(only), second -> assertThat(second)
                .isSameAs(long1));
    }

    @Test
    void whatIsBeingSentDoesNotChange() {
        held.copy(Buffer.buffer("a"), MOST);
        held.copy(Buffer.buffer("b"), MOST);
        List<Buffer> first = held.open();
        held.copy(Buffer.buffer("c"), MOST);
        List<Buffer> second = held.open();
        held.copy(Buffer.buffer("d"), MOST);

        assertThat(text(first)).isEqualTo("ab");
        assertThat(text(second)).isEqualTo("abc");
        assertThat(text(held.open())).isEqualTo("abcd");
    }

    @Test
    void whatIsTooLongIsNotWhole() {
        held.copy(Buffer.buffer("x".repeat(MOST)), MOST);
        assertThat(held.isWhole()).isTrue();

        held.copy(Buffer.buffer("x"), MOST);
        held.copy(Buffer.buffer("y"), MOST);

        assertThat(held.isWhole()).isFalse();
        assertThat(held.open()).isEmpty();
    }
}
