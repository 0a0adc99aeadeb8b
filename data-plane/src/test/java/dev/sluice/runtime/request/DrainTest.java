package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.admin.Lifecycle;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DrainTest {
    @Test
    void noRequestOfKeepAliveClientsIsLost() throws InterruptedException {
        AtomicInteger answered = new AtomicInteger();
        Queue<Throwable> lost = new ConcurrentLinkedQueue<>();
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread client = new Thread(() -> askUntilToldToStop(gateway, answered, lost));
                client.start();
                clients.add(client);
            }
            TestGateway.await("load", () -> answered.get() > 500 || !lost.isEmpty());

            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();
            for (Thread client : clients) {
                client.join(20_000);
            }
            gateway.finish();

            assertThat(lost).isEmpty();
            assertThat(gateway.counted(route, 200)).isEqualTo(answered.get());
            assertThat(gateway.total()).isEqualTo(answered.get());
            assertThat(gateway.server().inFlight()).isZero();
        }
    }

    /** As a front end does: goes on until an answer says that the connection ends, then looks elsewhere. */
    private static void askUntilToldToStop(TestGateway gateway, AtomicInteger answered, Queue<Throwable> lost) {
        try (RawClient client = gateway.client()) {
            boolean goOn = true;
            while (goOn) {
                RawResponse answer = client.get("/");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("ok");
                answered.incrementAndGet();
                goOn = !"close".equals(answer.header("connection"));
            }
            assertThat(client.isClosedByPeer()).isTrue();
        } catch (RuntimeException | AssertionError e) {
            lost.add(e);
        }
    }

    @Test
    void idleConnectionsStayWhenAcceptingStopsAndTheirNextRequestIsServed() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient idle = gateway.client();
                RawClient unused = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            assertThat(idle.get("/").header("connection")).isNull();

            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();

            assertThatThrownBy(gateway::client).isInstanceOf(UncheckedIOException.class);
            RawResponse answer = idle.get("/");
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(idle.isClosedByPeer()).isTrue();
            assertThat(unused.get("/none").header("connection")).isEqualTo("close");
        }
    }

    @Test
    void whatWasSentAheadOfTheLastAnswerIsNotBegun() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);

            client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.read().header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(upstream.request().path()).isEqualTo("/1");
            assertThat(gateway.total()).isEqualTo(1);
        }
    }

    @Test
    void whatIsInFlightIsFinishedBeforeTheEnd() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                    asked.countDown();
                    go.await();
                    connection.write("lf");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();
            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();
            Thread finishing = new Thread(gateway::finish);

            finishing.start();
            assertThat(gateway.server().inFlight()).isEqualTo(1);
            go.countDown();

            assertThat(client.read().text()).isEqualTo("half");
            finishing.join(20_000);
            assertThat(finishing.isAlive()).isFalse();
            assertThat(gateway.counted(route, 200)).isEqualTo(1);
        }
    }

    @Test
    void theDeadlineCutsWhatDoesNotEnd() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await("in flight", () -> gateway.server().inFlight() == 1);

            gateway.server().finish(Duration.ofMillis(100)).await();

            assertThatThrownBy(() -> assertThat(client.read().complete()).isTrue())
                    .isInstanceOfAny(AssertionError.class, UncheckedIOException.class);
        }
    }
}
