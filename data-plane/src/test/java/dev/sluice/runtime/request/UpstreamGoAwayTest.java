package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.config.Route;
import dev.sluice.runtime.failure.Diagnosis;
import dev.sluice.runtime.failure.Failure;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that leaves its connection says what it has done nothing of (RFC 9113 6.8): that may be asked again. */
final class UpstreamGoAwayTest {
    private static final String UNAVAILABLE = "14";

    private final TestGateway gateway = new TestGateway();
    private final RawHttp2Client client = new RawHttp2Client(gateway.port());
    private final AtomicInteger connections = new AtomicInteger();

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    /** What an upstream does with the second call on its first connection, and the number of that connection. */
    private interface Leaving {
        void leave(RawHttp2Upstream.Connection connection, int number) throws IOException;
    }

    /** Echoes the first call of each connection but the second connection's, which may be left at once. */
    private RawHttp2Upstream leaving(int served, Leaving leaving) {
        return new RawHttp2Upstream(connection -> {
            int number = connections.incrementAndGet();
            for (int i = 0; i < (number == 1 ? 1 : served); i++) {
                RawHttp2Upstream.Request call = connection.request();
                if (call == null) {
                    return;
                }
                connection.echo(call);
            }
            if (connection.request() != null) {
                leaving.leave(connection, number);
            }
        });
    }

    private static void awaitEnd(RawHttp2Upstream.Connection connection) throws IOException {
        while (connection.request() != null) {
            // what comes is of no interest
        }
    }

    @CanIgnoreReturnValue
    private Route serve(RawHttp2Upstream upstream, String implementation, String route) {
        return gateway.serve(
                upstream.port(),
                "{'protocol':'grpc'," + implementation + "}",
                "{'paths':['/'],'protocols':['grpc'],'strip_path':false" + route + "}");
    }

    private RawHttp2Client.Reply call(int stream, String body) {
        client.call(stream);
        return client.data(stream, true, body).reply(stream);
    }

    @Test
    void aCallThatItDidNotBeginIsMadeAgainEvenWithoutRetries() {
        try (RawHttp2Upstream upstream = leaving(9, (connection, number) -> {
            connection.goAway(1);
            awaitEnd(connection);
        })) {
            Route route = serve(upstream, "'retries':0", "");

            assertThat(call(1, "one").text()).isEqualTo("one");
            RawHttp2Client.Reply reply = call(3, "two");

            assertThat(reply.text()).isEqualTo("two");
            assertThat(reply.trailers()).containsEntry("grpc-status", "0");
            assertThat(upstream.requests())
                    .extracting(RawHttp2Upstream.Request::body)
                    .containsExactly("one", "two", "two");
            assertThat(upstream.connectionCount()).isEqualTo(2);
            assertThat(gateway.attemptsFailed("GOING_AWAY")).isEqualTo(1);
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 2);
        }
    }

    /** Of two GOAWAYs the second decides: the first one only asks for no more streams. */
    @Test
    void theLastWordOfAnOrderlyFarewellCounts() {
        try (RawHttp2Upstream upstream = leaving(9, (connection, number) -> {
            connection.goAway(Integer.MAX_VALUE);
            connection.goAway(1);
            awaitEnd(connection);
        })) {
            serve(upstream, "'retries':0", "");

            assertThat(call(1, "one").text()).isEqualTo("one");
            assertThat(call(3, "two").text()).isEqualTo("two");
            assertThat(gateway.attemptsFailed("GOING_AWAY")).isEqualTo(1);
        }
    }

    @Test
    void whatItGoesOnServingIsAwaited() {
        try (RawHttp2Upstream upstream = new RawHttp2Upstream(connection -> {
            RawHttp2Upstream.Request call = connection.request();
            if (call != null) {
                connection.goAway(Integer.MAX_VALUE);
                connection.goAway(1);
                connection.echo(call);
                awaitEnd(connection);
            }
        })) {
            serve(upstream, "'retries':0", "");

            assertThat(call(1, "one").text()).isEqualTo("one");
            assertThat(call(3, "two").text()).isEqualTo("two");
            assertThat(upstream.requests()).hasSize(2);
            assertThat(upstream.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    void whatItMayHaveBegunIsNotAskedAgain() {
        try (RawHttp2Upstream upstream = leaving(9, (connection, number) -> connection.goAway(3))) {
            serve(upstream, "'retries':5", "");

            assertThat(call(1, "one").text()).isEqualTo("one");
            assertThat(call(3, "two").headers()).containsEntry("grpc-status", UNAVAILABLE);
            assertThat(upstream.requests()).hasSize(2);
            assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void beyondTheFirstTimeItIsUpToTheRetries(int retries) {
        try (RawHttp2Upstream upstream = leaving(0, (connection, number) -> {
            connection.goAway(number == 1 ? 1 : 0);
            awaitEnd(connection);
        })) {
            serve(upstream, "'retries':" + retries, "");

            assertThat(call(1, "one").text()).isEqualTo("one");
            assertThat(call(3, "two").headers()).containsEntry("grpc-status", UNAVAILABLE);
            assertThat(upstream.requests()).hasSize(1 + 2 + retries);
            assertThat(gateway.attemptsFailed("GOING_AWAY")).isEqualTo(2 + retries);
            assertThat(gateway.requestsFailed("GOING_AWAY")).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotKeptCannotBeSaidAgain() {
        try (RawHttp2Upstream upstream = leaving(9, (connection, number) -> {
            connection.goAway(1);
            awaitEnd(connection);
        })) {
            serve(upstream, "'retries':5", ",'request_buffering':false");

            assertThat(call(1, "one").text()).isEqualTo("one");
            assertThat(call(3, "two").headers()).containsEntry("grpc-status", UNAVAILABLE);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    /** What waits for its client when the stream ends was said to its end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsWholeReachesASlowClientWhole(boolean trailers) throws InterruptedException {
        CountDownLatch said = new CountDownLatch(1);
        try (RawHttp2Upstream upstream = new RawHttp2Upstream(connection -> {
            RawHttp2Upstream.Request call = connection.request();
            if (call != null) {
                connection.goAway(call.stream());
                connection.headers(call.stream(), false, ":status", "200");
                for (int i = 0; i < 100; i++) {
                    connection.data(call.stream(), !trailers && i == 99, "0123456789".repeat(10));
                }
                if (trailers) {
                    connection.headers(call.stream(), true, "x-sum", "42");
                }
                if (connection.heardAll()) {
                    said.countDown();
                }
                awaitEnd(connection);
            }
        })) {
            Route route =
                    gateway.serve(upstream.port(), "{'protocol':'grpc'}", "{'paths':['/'],'response_buffering':false}");

            client.window(10).get(1, "/").replyHead(1);
            assertThat(said.await(20, TimeUnit.SECONDS)).isTrue();
            client.window(65_535);
            RawHttp2Client.Reply reply = client.reply(1);

            assertThat(reply.reset()).isEqualTo(-1);
            assertThat(reply.text()).isEqualTo("0123456789".repeat(1000));
            assertThat(reply.trailers()).isEqualTo(trailers ? Map.of("x-sum", "42") : Map.of());
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 1);
        }
    }

    @Test
    void aStreamThatTheCodecDoesNotOpenAnyMoreWasNotBegunEither() {
        assertThat(Diagnosis.ofExchanging(Http2Exception.streamError(3, Http2Error.REFUSED_STREAM, "GOAWAY")))
                .isEqualTo(Failure.GOING_AWAY);
    }
}
