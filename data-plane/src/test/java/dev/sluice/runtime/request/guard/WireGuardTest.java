package dev.sluice.runtime.request.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.request.guard.RawRequests.Refused;
import dev.sluice.runtime.request.guard.RawRequests.Served;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The guard before a parser, without sockets: so that a request can be cut anywhere. */
final class WireGuardTest {
    static Stream<Refused> refused() {
        // What stands in a target or a Host is looked at behind the parser.
        return RawRequests.refused().stream().filter(row -> !List.of(
                        "a fragment",
                        "a target without a slash",
                        "CONNECT",
                        "an empty Host",
                        "a list for a Host",
                        "a Host with a user",
                        "a Host with a path",
                        "a port that is none",
                        "a Host that contradicts the absolute form")
                .contains(row.name()));
    }

    static List<Served> served() {
        return RawRequests.served();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedWhereverItIsCut(Refused row) {
        String text = row.text("/x");
        int end = text.indexOf(RawRequests.SMUGGLED);
        for (int cut = 0; cut <= end; cut++) {
            Outcome outcome = send(text.substring(0, cut), text.substring(cut));

            assertThat(outcome.whole).as("cut at " + cut).isEmpty();
            assertThat(outcome.refusals).as("cut at " + cut).containsExactly(row.status());
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedOctetByOctet(Refused row) {
        Outcome outcome = send(row.text("/x").split("(?<=.)(?s)"));

        assertThat(outcome.whole).isEmpty();
        assertThat(outcome.refusals).containsExactly(row.status());
    }

    /** Sent at once, not even the head of a request with a bad body comes out. */
    @ParameterizedTest
    @MethodSource("refused")
    void nothingOfItComesOutWhenItIsThereAtOnce(Refused row) {
        assertThat(send(row.text("/x")).heads).isZero();
    }

    @ParameterizedTest
    @MethodSource("served")
    void passesWhereverItIsCut(Served row) {
        String text = row.text("/x");
        for (int cut = 0; cut <= text.length(); cut++) {
            Outcome outcome = send(text.substring(0, cut), text.substring(cut));

            assertThat(outcome.refusals).as("cut at " + cut).isEmpty();
            assertThat(outcome.whole).as("cut at " + cut).isEqualTo(row.bodies());
        }
        assertThat(send(text.split("(?<=.)(?s)")).whole).isEqualTo(row.bodies());
    }

    @Test
    void aGoodRequestBeforeABadOneIsServed() {
        Outcome outcome = send("GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET  /bad HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(outcome.whole).containsExactly("");
        assertThat(outcome.refusals).containsExactly(400);
    }

    @Test
    void theBeginningOfHttp2IsLeftAlone() {
        ByteBuf preface = octets("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000");
        EmbeddedChannel channel = new EmbeddedChannel(new WireGuard(Limits.DEFAULT, false));

        channel.writeInbound(preface.readRetainedSlice(5));
        assertThat(channel.inboundMessages()).isEmpty();
        channel.writeInbound(preface.readRetainedSlice(21));

        ByteBuf passed = channel.readInbound();
        assertThat(passed.readableBytes()).isEqualTo(26);
        assertThat(WireGuard.of(channel)).isNull();
        passed.release();
        preface.release();
    }

    @Test
    void limitsHaveTheirOwnAnswers() {
        ClientLimits limits = Limits.of(
                "SLUICE_MAX_HEADER_BYTES", "1024", "SLUICE_MAX_HEADER_COUNT", "10", "SLUICE_MAX_URI_BYTES", "256");

        assertThat(send(limits, "GET /" + "a".repeat(255) + " HTTP/1.1\r\nHost: a\r\n\r\n").refusals)
                .isEmpty();
        assertThat(send(limits, "GET /" + "a".repeat(256)).refusals).containsExactly(414);
        assertThat(send(limits, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9) + "\r\n").refusals)
                .isEmpty();
        assertThat(send(limits, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(10) + "\r\n").refusals)
                .containsExactly(431);
        String fits = "Host: a\r\nX: " + "a".repeat(1024 - 16) + "\r\n\r\n";
        assertThat(fits).hasSize(1024);
        assertThat(send(limits, "GET / HTTP/1.1\r\n" + fits).refusals).isEmpty();
        assertThat(send(limits, "GET / HTTP/1.1\r\nY" + fits).refusals).containsExactly(431);
        assertThat(send(limits, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(1024)).refusals)
                .containsExactly(431);
        assertThat(send(limits, "GET / HTTP/1.1\r\nHost: a\r\nX: ", "a".repeat(1024), "a".repeat(1024)).refusals)
                .containsExactly(431);
        String chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        assertThat(send(limits, chunked + "X: y\r\n".repeat(11) + "\r\n").refusals)
                .containsExactly(431);
        assertThat(send(limits, chunked + "X: " + "y".repeat(1100) + "\r\n\r\n").refusals)
                .containsExactly(431);
    }

    private static Outcome send(String... parts) {
        return send(Limits.DEFAULT, parts);
    }

    private static Outcome send(ClientLimits limits, String... parts) {
        Outcome outcome = new Outcome();
        WireGuard guard = new WireGuard(limits, false);
        guard.onRefusedBody(failure -> outcome.refusals.add(failure.status()));
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(guard).addLast("httpDecoder", new HttpRequestDecoder());
        for (String part : parts) {
            channel.writeInbound(octets(part));
        }
        for (HttpObject read = channel.readInbound(); read != null; read = channel.readInbound()) {
            outcome.add(read);
            ReferenceCountUtil.release(read);
        }
        channel.finishAndReleaseAll();
        return outcome;
    }

    private static ByteBuf octets(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    /** What came out of the parser's end. */
    private static final class Outcome {
        private final List<String> whole = new ArrayList<>();
        private final List<Integer> refusals = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private int heads;

        private void add(HttpObject read) {
            DecoderResult result = read.decoderResult();
            if (result.isFailure()) {
                assertThat(result.cause())
                        .as("refused by the guard, not the parser")
                        .isInstanceOf(RequestFailed.class);
                refusals.add(((RequestFailed) result.cause()).failure().status());
                return;
            }
            if (read instanceof HttpRequest) {
                heads++;
                body.setLength(0);
            }
            if (read instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (read instanceof LastHttpContent) {
                whole.add(body.toString());
            }
        }
    }
}
