package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RetryTest {
    @Test
    void refusedConnectionsAreTriedAsOftenAsTheImplementationSays() throws IOException {
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(UpstreamFailureTest.closedPort(), "{'retries':3}", "{'paths':['/']}");

            RawResponse answer = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(gateway.attemptsFailed("CONNECT_REFUSED")).isEqualTo(4);
            assertThat(gateway.requestsFailed("CONNECT_REFUSED")).isEqualTo(1);
            assertThat(gateway.counted(route, 502)).isEqualTo(1);
        }
    }

    @Test
    void aTimeoutBeforeTheAnswerIsTriedAgainWithTheSameBody() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':1,'read_timeout':200}", "{'paths':['/']}");

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly("abcde", "abcde");
        }
    }

    @Test
    void aRequestThatIsNotIdempotentIsNotSentTwice() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5,'read_timeout':200}", "{'paths':['/']}");

            RawResponse answer = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aBodyBeyondTheLimitIsNotSentTwice() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5,'read_timeout':200}", "{'paths':['/']}");
            int length = RequestBody.MOST_HELD + 1;

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length))
                    .read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aBodyThatMayNotBeBufferedIsNotSentTwice() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(
                    upstream.port(), "{'retries':5,'read_timeout':200}", "{'paths':['/'],'request_buffering':false}");

            RawResponse answer = client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerIsNeverTriedAgainHoweverBad() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 503 Down\r\nContent-Length: 4\r\n\r\ndown");
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 503 Down");
            assertThat(answer.text()).isEqualTo("down");
            assertThat(upstream.requests()).hasSize(1);
            assertThat(gateway.counted(route, 503)).isEqualTo(1);
        }
    }

    @Test
    void aReusedConnectionThatClosesWithoutAByteIsForgivenOnceEvenWithoutRetries() {
        // Each connection answers one request and closes upon the second: keep-alive that ended unseen.
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(RawUpstream.OK);
                    connection.request();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");

            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            assertThat(gateway.counted(route, 200)).isEqualTo(5);
            assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isEqualTo(4);
        }
    }

    @Test
    void aReusedConnectionIsNotForgivenWhereTheRequestMustNotBeSentTwice() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(RawUpstream.OK);
                    connection.request();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5}", "{'paths':['/']}");

            assertThat(client.get("/").status()).isEqualTo(200);
            RawResponse answer = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    /** Silent on its first connection, well-behaved on all others. */
    private static RawUpstream silentOnce() {
        AtomicInteger connections = new AtomicInteger();
        return new RawUpstream(connection -> {
            boolean first = connections.getAndIncrement() == 0;
            for (var request = connection.request(); request != null; request = connection.request()) {
                if (!first) {
                    connection.write(RawUpstream.OK);
                }
            }
        });
    }
}
