package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.config.Route;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ClientGoneTest {
    @Test
    void aClientThatLeavesBeforeTheAnswerIsRecordedAndTheUpstreamLetGo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    asked.countDown();
                    connection.awaitEnd();
                    released.countDown();
                });
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            RawClient client = gateway.client();
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            client.close();

            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 1);
            assertThat(gateway.total()).isEqualTo(1);
            assertThat(gateway.requestsFailed("CLIENT_GONE")).isEqualTo(1);
            assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isZero();
            assertThat(upstream.requests()).hasSize(1);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfTheAnswerIsRecordedAndTheUpstreamLetGo() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                    connection.awaitEnd();
                    released.countDown();
                });
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            RawClient client = gateway.client();
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.socket().getInputStream().read()).isEqualTo('H');

            client.close();

            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 1);
            assertThat(gateway.total()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyLeavesNoHalfRequestBehind() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.awaitEnd();
                    released.countDown();
                });
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");
            RawClient client = gateway.client();
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
            TestGateway.await("the upstream was asked", () -> upstream.connectionCount() == 1);

            client.close();

            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 1);
        }
    }

    /** Many small answers: none makes the gateway pause, and at last the end of one is what hangs. */
    @Test
    void aClientThatDoesNotTakeTheEndOfItsAnswersIsCut() {
        try (TestGateway gateway = new TestGateway(Duration.ofMillis(2_500));
                RawClient client = new RawClient(gateway.port(), 4096)) {
            gateway.serveNothing("{'paths':['/other']}");
            String requests = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(10);
            int asked = 0;
            do {
                client.send(requests);
                asked += 10;
            } while (answersAll(gateway, asked));

            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
            assertThatThrownBy(() -> client.socket().getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
            assertThat(gateway.requestsFailed("NO_ROUTE")).isEqualTo(asked);
        }
    }

    /** Whether the gateway gets rid of the answers to as many requests within a second: before it would cut. */
    private static boolean answersAll(TestGateway gateway, int asked) {
        long deadline = System.nanoTime() + 1_000_000_000L;
        while (gateway.requestsFailed("NO_ROUTE") < asked || gateway.server().inFlight() > 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(200_000);
        }
        return true;
    }

    @Test
    void aBodyThatCannotBeReadAnyFurtherIsTheClientsFault() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.awaitEnd();
                    released.countDown();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");

            client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            TestGateway.await("the upstream was asked", () -> upstream.connectionCount() == 1);
            client.send("zz\r\n");

            RawResponse answer = client.read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            TestGateway.await("recorded", () -> gateway.counted(route, 400) == 1);
            assertThat(gateway.total()).isEqualTo(1);
        }
    }
}
