package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.BufferSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryTest {
    @TempDir
    Path directory;

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
    void connectionsThatAreNotEstablishedInTimeAreTriedAgainToo() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FilledBacklog filled = new FilledBacklog(full);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(filled.port(), "{'retries':2,'connect_timeout':100}", "{'paths':['/']}");

            RawResponse answer = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(gateway.attemptsFailed("CONNECT_TIMEOUT")).isEqualTo(3);
        }
    }

    /** RFC 9110 9.2.2. All at once, before an upstream that is silent the first time that it is asked. */
    @Test
    void whatIsIdempotentIsTriedAgainThoughItWasWritten() {
        List<String> methods = List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
        Set<String> asked = ConcurrentHashMap.newKeySet();
        List<RawClient> clients = new ArrayList<>();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        if (!asked.add(request.line())) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        }
                    }
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'retries':1,'read_timeout':1000}", "{'paths':['/']}");
            methods.forEach(method -> clients.add(gateway.client().send(method + " / HTTP/1.1\r\nHost: h\r\n\r\n")));

            assertThat(clients)
                    .allSatisfy(client -> assertThat(client.read().status()).isEqualTo(200));
            assertThat(upstream.requests()).hasSize(2 * methods.size());
            assertThat(gateway.attemptsFailed("READ_TIMEOUT")).isEqualTo(methods.size());
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void aTimeoutIsTriedAgainAtAnotherTarget() {
        try (RawUpstream silent = new RawUpstream(RawUpstream.Connection::awaitEnd);
                RawUpstream good = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) { // one event loop, and its turns
            Balanced balanced = new Balanced(gateway, "{}", "{'retries':1,'read_timeout':1000}", "{'paths':['/']}");
            balanced.target(silent.port());
            balanced.target(good.port());

            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(silent.connectionCount()).isEqualTo(1);
            assertThat(gateway.attemptsFailed("READ_TIMEOUT")).isEqualTo(1);
        }
    }

    @Test
    void aTimeoutBeforeTheAnswerIsTriedAgainWithTheSameBody() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':1,'read_timeout':1000}", "{'paths':['/']}");

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly("abcde", "abcde");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "M-SEARCH"})
    void aRequestThatIsNotIdempotentIsNotSentTwice(String method) {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5,'read_timeout':600}", "{'paths':['/']}");

            RawResponse answer = client.send(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aBodyOfJustTheLimitIsSentTwice() {
        String body = "x".repeat(RequestBody.MOST_HELD);
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway(new BufferSettings(directory, RequestBody.MOST_HELD, 0));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':1,'read_timeout':1000}", "{'paths':['/']}");

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly(body, body);
        }
    }

    @Test
    void aBodyOnDiskIsSentAgain() {
        String body = "0123456789".repeat(30_000);
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway(new BufferSettings(directory, RequestBody.MOST_HELD, 1 << 20));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':1,'read_timeout':500}", "{'paths':['/']}");

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.requests()).hasSize(2).allMatch(request -> request.body()
                    .equals(body));
        }
    }

    /** The first attempt is in the middle of the file when it ends. */
    @Test
    void aBodyOnDiskIsSentAgainFromItsBeginning() {
        String body = "0123456789abcdef".repeat(2 << 20);
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    if (connections.getAndIncrement() == 0) {
                        connection.in().skipNBytes(1 << 20);
                        synchronized (connection) {
                            while (!connection.socket().isClosed()) {
                                connection.wait(100);
                            }
                        }
                    } else if (connection.request() != null) {
                        connection.write(RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway(new BufferSettings(directory, RequestBody.MOST_HELD, 1L << 30));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':1,'write_timeout':1500}", "{'paths':['/']}");

            RawResponse answer = client.send(
                            "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(gateway.attemptsFailed("WRITE_TIMEOUT")).isEqualTo(1);
            assertThat(upstream.request().body().equals(body)).isTrue();
        }
    }

    @Test
    void aBodyThatCannotBeHeldWholeIsNotSentTwice() {
        try (RawUpstream upstream = silentOnce();
                TestGateway gateway = new TestGateway(new BufferSettings(directory, RequestBody.MOST_HELD, 0));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5,'read_timeout':600}", "{'paths':['/']}");
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
                    upstream.port(), "{'retries':5,'read_timeout':600}", "{'paths':['/'],'request_buffering':false}");

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

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aBadAnswerOfOneTargetIsNotTriedAgainAtAnother(int status) {
        String answer = "HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno";
        try (RawUpstream one = RawUpstream.answering(answer);
                RawUpstream other = RawUpstream.answering(answer);
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}");
            balanced.target(one.port());
            balanced.target(other.port());

            assertThat(gateway.get("/").text()).isEqualTo("no");
            assertThat(one.requests().size() + other.requests().size()).isEqualTo(1);
        }
    }

    /** Two connections are idle, and both have ended unseen. */
    @Test
    void aReusedConnectionIsForgivenOnceAndNotTwice() {
        CountDownLatch bothAsked = new CountDownLatch(2);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    bothAsked.countDown();
                    bothAsked.await();
                    connection.write(RawUpstream.OK);
                    connection.request();
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) { // one event loop, and its connections
            gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");
            client.get(1, "/1").get(3, "/2");
            assertThat(client.reply(1).status()).isEqualTo(200);
            assertThat(client.reply(3).status()).isEqualTo(200);

            assertThat(client.get(5, "/3").reply(5).status()).isEqualTo(502);
            assertThat(upstream.requests()).hasSize(4);
            assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isEqualTo(2);
        }
    }

    /** Less than a status line counts as nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"})
    void aReusedConnectionThatClosesAmidItsAnswerIsNotForgiven(String beginning) {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(RawUpstream.OK);
                    connection.request();
                    connection.write(beginning);
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':5}", "{'paths':['/']}");
            assertThat(client.get("/").status()).isEqualTo(200);

            RawResponse broken = client.get("/");

            assertThat(broken.status() == 502 || !broken.complete()).isTrue();
            assertThat(upstream.requests()).hasSize(2);
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
