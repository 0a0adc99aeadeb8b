package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SelfSignedCertificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that break the rules on purpose: their own clients see it, and nobody else. */
@TestInstance(Lifecycle.PER_CLASS)
final class MisbehavingUpstreamTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<HttpServerRequest> slow = new CopyOnWriteArrayList<>();

    @AfterAll
    void close() {
        vertx.close().await();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
                "HTTP/1.1 200 OK\r\n: no name\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            })
    void anAnswerThatCannotBeReadIs502(String nonsense) {
        refused(nonsense);
    }

    @Test
    void aHeaderSectionThatIsTooLargeIs502() {
        refused("HTTP/1.1 200 OK\r\n" + ("X-Padding: " + "x".repeat(1000) + "\r\n").repeat(100) + "\r\n");
        refused("HTTP/1.1 200 " + "O".repeat(100_000) + "\r\n\r\n");
    }

    private static void refused(String nonsense) {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        connection.write(request.line().contains("/bad") ? nonsense : RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");

            assertThat(client.get("/bad").status()).isEqualTo(502);
            assertThat(client.get("/good").text()).isEqualTo("ok");
            assertThat(gateway.requestsFailed("INVALID_RESPONSE")).isEqualTo(1);
        }
    }

    /** RFC 9112 6.3: not 502 alone would be right; what counts is that nothing of it is left for the next. */
    @Test
    void anAnswerInTwoFramingsLeavesNothingForTheNext() {
        String both = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        connection.write(request.line().contains("/bad") ? both : RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");

            for (int i = 0; i < 3; i++) {
                RawResponse answer = client.get("/bad");
                assertThat(answer.all("content-length")).hasSizeLessThan(2);
                assertThat(answer.header("transfer-encoding") != null && answer.header("content-length") != null)
                        .isFalse();
                assertThat(answer.status() == 502 || answer.text().equals("ok")).isTrue();
                assertThat(client.get("/good").text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void anAnswerThatNobodyAskedForReachesNobody() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        String own = request.path().substring(1);
                        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + own.length() + "\r\n\r\n" + own;
                        connection.write(answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'strip_path':false}");

            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/mine" + i).text()).isEqualTo("mine" + i);
            }
        }
    }

    @Test
    void anAnswerThatComesWhileTheConnectionIsIdleReachesNobody() {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch said = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    boolean first = connections.getAndIncrement() == 0;
                    connection.request();
                    connection.write(RawUpstream.OK);
                    if (first) {
                        answered.await();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
                        connection.awaitEnd(); // the gateway wants no more of it
                        said.countDown();
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(client.get("/").text()).isEqualTo("ok");
            answered.countDown();
            TestGateway.await("hung up on", () -> said.getCount() == 0);
            assertThat(client.get("/").text()).isEqualTo("ok");
        }
    }

    @Test
    void aResetInTheMiddleOfABodyCutsItsClientAlone() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        if (request.line().contains("/bad")) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                            connection.socket().setSoLinger(true, 0);
                            return;
                        }
                        connection.write(RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient other = gateway.client()) {
            Route route = gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");

            RawResponse cut = gateway.get("/bad");
            assertThat(cut.status() == 502 || !cut.complete()).isTrue();
            assertThat(other.get("/good").text()).isEqualTo("ok");
            assertThat(gateway.counted(route, cut.status())).isGreaterThanOrEqualTo(1);
        }
    }

    /** Over HTTP/2 all of it happens on one connection, which the others share. */
    @Test
    void overHttp2EachStreamFailsForItself() {
        HttpServer upstream = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(this::misbehave)
                .listen()
                .await();
        try (TestGateway gateway = new TestGateway();
                RawClient patient = gateway.client();
                RawClient client = gateway.client()) {
            Route route = gateway.serve(
                    upstream.actualPort(),
                    "{'protocol':'grpc','retries':0,'read_timeout':20000}",
                    "{'paths':['/'],'strip_path':false}");
            Route hasty = gateway.serve(
                    upstream.actualPort(),
                    "{'protocol':'grpc','retries':0,'read_timeout':200}",
                    "{'paths':['/never'],'strip_path':false}");

            patient.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await("under way", () -> slow.size() == 1);
            assertThat(client.get("/reset").status()).isEqualTo(502);
            assertThat(client.get("/never").status()).isEqualTo(504);
            RawResponse cut = gateway.get("/half");
            assertThat(cut.status()).isEqualTo(200);
            assertThat(cut.complete()).isFalse();
            RawResponse trailing = gateway.get("/trailers");
            assertThat(trailing.text()).isEqualTo("whole");
            assertThat(trailing.trailers()).containsEntry("x-trailer", "1");
            slow.get(0).response().end("at last");
            assertThat(patient.read().text()).isEqualTo("at last");

            assertThat(gateway.requestsFailed("UPSTREAM_CLOSED")).isEqualTo(2);
            assertThat(gateway.counted(hasty, 504)).isEqualTo(1);
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 3 && gateway.counted(route, 502) == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RawUpstream.OK, "SSH-2.0-OpenSSH_9.2\r\n\r\n"})
    void whatDoesNotSpeakHttp2ThoughItShouldIs502(String other) {
        try (RawUpstream upstream = RawUpstream.answering(other);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'protocol':'grpc','retries':0}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("INVALID_RESPONSE")).isEqualTo(1);
        }
    }

    @Test
    void whatDoesNotBeginHttp2IsHungUpOn() {
        CountDownLatch hungUp = new CountDownLatch(2);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.awaitEnd();
                    hungUp.countDown();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'protocol':'grpc','connect_timeout':200,'retries':1}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(504);
            assertThat(gateway.attemptsFailed("CONNECT_TIMEOUT")).isEqualTo(2);
            TestGateway.await("both connections are given up", () -> hungUp.getCount() == 0);
        }
    }

    @Test
    void whatDoesNotAgreeUponHttp2ByTlsGetsNoRequestOverHttp1() {
        AtomicInteger requests = new AtomicInteger();
        HttpServer upstream = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setSsl(true)
                        .setUseAlpn(false)
                        .setKeyCertOptions(SelfSignedCertificate.create().keyCertOptions()))
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    request.response().end();
                })
                .listen()
                .await();
        try (TestGateway gateway = new TestGateway()) {
            gateway.serve(
                    upstream.actualPort(), "{'protocol':'grpcs','tls_verify':false,'retries':0}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("TLS_FAILED")).isEqualTo(2);
            assertThat(requests).hasValue(0);
        }
    }

    private void misbehave(HttpServerRequest request) {
        switch (request.path()) {
            case "/slow" -> slow.add(request);
            case "/reset" -> request.response().reset(2);
            case "/half" ->
                request.response().setChunked(true).write("half").onSuccess(written -> request.response()
                        .reset(2));
            case "/trailers" -> {
                request.response().setChunked(true).write("whole");
                request.response().putTrailer("x-trailer", "1").end();
            }
            default -> {} // never answered
        }
    }
}
