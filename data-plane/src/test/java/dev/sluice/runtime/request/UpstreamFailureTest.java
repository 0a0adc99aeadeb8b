package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpstreamFailureTest {
    private static final String ONCE = "'retries':0";

    @Test
    void refusedConnectionsAre502() throws IOException {
        try (TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(closedPort(), "{" + ONCE + "}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text()).contains("An invalid response was received from the upstream server");
            assertThat(gateway.requestsFailed("CONNECT_REFUSED")).isEqualTo(1);
            assertThat(gateway.counted(route, 502)).isEqualTo(1);
        }
    }

    @Test
    void unknownNamesAre503() {
        try (TestGateway gateway = new TestGateway()) {
            gateway.serve(80, "{'host':'no-such-host.invalid'," + ONCE + "}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("name resolution failed");
            assertThat(gateway.requestsFailed("NAME_RESOLUTION")).isEqualTo(1);
        }
    }

    @Test
    void connectionsThatAreNotEstablishedInTimeAre504() throws IOException {
        // A backlog of one that is full: further handshakes stay unanswered.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FilledBacklog filled = new FilledBacklog(full);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(filled.port(), "{'connect_timeout':200," + ONCE + "}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.text()).contains("The upstream server is timing out");
            assertThat(gateway.requestsFailed("CONNECT_TIMEOUT")).isEqualTo(1);
        }
    }

    @Test
    void silenceAfterTheRequestIs504() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'read_timeout':150," + ONCE + "}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(504);
            assertThat(gateway.requestsFailed("READ_TIMEOUT")).isEqualTo(1);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void anUpstreamThatStopsTakingTheBodyIs504() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    synchronized (connection) {
                        while (!connection.socket().isClosed()) {
                            connection.wait(100);
                        }
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(
                    upstream.port(), "{'write_timeout':200," + ONCE + "}", "{'paths':['/'],'request_buffering':false}");
            Thread uploading = new Thread(() -> upload(client));
            uploading.setDaemon(true);
            uploading.start();

            RawResponse answer = client.read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(gateway.requestsFailed("WRITE_TIMEOUT")).isEqualTo(1);
        }
    }

    @Test
    void anUploadThatKeepsMovingIsNeverTooSlow() {
        int piece = 4 << 20;
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    for (int i = 0; i < 12; i++) { // longer than write_timeout in all, and far from it each time
                        synchronized (connection) {
                            connection.wait(200);
                        }
                        connection.in().skipNBytes(piece);
                    }
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'write_timeout':2000," + ONCE + "}", "{'paths':['/']}");

            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 12 * piece + "\r\n\r\n");
            for (int i = 0; i < 12; i++) {
                client.send(new byte[piece]);
            }

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    private static void upload(RawClient client) {
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
        byte[] piece = new byte[65536];
        try {
            for (int i = 0; i < 1500; i++) {
                client.send(piece);
            }
        } catch (java.io.UncheckedIOException e) {
            assertThat(e.getCause()).isNotNull(); // the gateway has hung up
        }
    }

    @Test
    void aConnectionClosedBeforeTheAnswerIs502() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("UPSTREAM_CLOSED")).isEqualTo(1);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage garbage garbage\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 999 Request denied\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 600 Beyond\r\nContent-Length: 0\r\n\r\n",
                "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
            })
    void whatIsNoAnswerIs502AndPoisonsNothing(String nonsense) {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        connection.write(request.line().contains("/bad") ? nonsense : RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{" + ONCE + "}", "{'paths':['/']}");

            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/bad").status()).isEqualTo(502);
                assertThat(client.get("/good").text()).isEqualTo("ok");
            }
            assertThat(gateway.requestsFailed("INVALID_RESPONSE")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense\r\n",
            })
    void anAnswerThatBreaksOffBreaksOffForTheClient(String half) {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(half);
                    connection.socket().shutdownOutput();
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.status()).isIn(200, 502);
            assertThat(answer.status() == 502 || !answer.complete()).isTrue();
            assertThat(gateway.counted(route, answer.status())).isEqualTo(1);
            assertThat(gateway.total()).isEqualTo(1);
            assertThat(gateway.requestsFailed("UPSTREAM_CLOSED") + gateway.requestsFailed("INVALID_RESPONSE"))
                    .isEqualTo(1);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void silenceInTheMiddleOfAnAnswerCutsItOff() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'read_timeout':1000}", "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.complete()).isFalse();
            assertThat(gateway.counted(route, 201)).isEqualTo(1);
            assertThat(gateway.requestsFailed("READ_TIMEOUT")).isEqualTo(1);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatKeepsMovingIsNeverTooSlow() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 12; i++) { // longer than read_timeout in all, and far from it each time
                        synchronized (connection) {
                            connection.wait(200);
                        }
                        connection.write("1\r\nx\r\n");
                    }
                    connection.write("0\r\n\r\n");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'read_timeout':2000}", "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.complete()).isTrue();
            assertThat(answer.text()).isEqualTo("xxxxxxxxxxxx");
        }
    }

    @Test
    void anEarlyAnswerEndsTheUpload() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");

            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(100_000));
            RawResponse answer = client.read();
            client.send("x".repeat(100_000));

            assertThat(answer.status()).isEqualTo(413);
            assertThat(client.get("/").status()).isEqualTo(413);
            assertThat(gateway.counted(route, 413)).isEqualTo(2);
        }
    }

    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
