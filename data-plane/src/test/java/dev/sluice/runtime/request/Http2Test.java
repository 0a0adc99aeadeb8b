package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.admin.Lifecycle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

final class Http2Test {
    private static final long REFUSED_STREAM = 7;
    private static final long INTERNAL_ERROR = 2;
    private static final int CANCEL = 8;

    /** Answers with what it was sent, in chunks. */
    private static RawUpstream echo() {
        return new RawUpstream(connection -> {
            for (RawUpstream.Request request = connection.request(); request != null; request = connection.request()) {
                String body = request.body();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    private static HttpClientOptions overHttp2() {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setDefaultHost("127.0.0.1");
    }

    @Test
    void bodiesWithoutALengthArriveWholeOverManyStreamsAtOnce() {
        Vertx vertx = Vertx.vertx();
        try (RawUpstream upstream = echo();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            HttpClientAgent client = vertx.createHttpClient(overHttp2().setDefaultPort(gateway.port()));
            List<Future<Buffer>> answers = new ArrayList<>();
            List<Buffer> bodies = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Buffer body = Buffer.buffer("x".repeat(i * i * 20));
                bodies.add(body);
                answers.add(client.request(HttpMethod.POST, "/" + i).compose(request -> post(request, body)));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).await()).as("body " + i).isEqualTo(bodies.get(i));
            }
            client.close().await(); // one that nobody holds any more may be closed at any time
        } finally {
            vertx.close().await();
        }
    }

    /** In two frames, and nothing says how long they are. */
    private static Future<Buffer> post(HttpClientRequest request, Buffer body) {
        request.setChunked(true);
        request.write(body.slice(0, body.length() / 2));
        request.end(body.slice(body.length() / 2, body.length()));
        return request.response().compose(HttpClientResponse::body);
    }

    @Test
    void anUpgradeIsTakenUpWhereThereIsNoBodyAndIsPassedOverWhereThereIs() throws Exception {
        try (RawUpstream upstream = echo();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            URI uri = URI.create("http://127.0.0.1:" + gateway.port() + "/x");
            HttpRequest get = HttpRequest.newBuilder(uri).build();
            HttpRequest post = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString("body"))
                    .build();
            HttpRequest chunked = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.fromPublisher(publisher("body")))
                    .build();

            HttpClient upgraded = HttpClient.newHttpClient();
            HttpResponse<String> first = upgraded.send(get, HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> second = upgraded.send(post, HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> bodyFirst =
                    HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> chunksFirst =
                    HttpClient.newHttpClient().send(chunked, HttpResponse.BodyHandlers.ofString());

            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(second.body()).isEqualTo("body");
            assertThat(bodyFirst.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(bodyFirst.body()).isEqualTo("body");
            assertThat(chunksFirst.body()).isEqualTo("body");
        }
    }

    @Test
    void trailersArriveWhereTheLengthOfTheBodyIsKnownToo() {
        Vertx vertx = Vertx.vertx();
        try (TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            HttpServer upstream = vertx.createHttpServer()
                    .requestHandler(request ->
                            request.response().putTrailer("grpc-status", "0").end("body"))
                    .listen(0, "127.0.0.1")
                    .await();
            gateway.serve(
                    upstream.actualPort(),
                    "{'protocol':'grpc'}",
                    "{'paths':['/'],'protocols':['grpc'],'strip_path':false}");

            RawHttp2Client.Reply reply =
                    client.get(1, "/", "content-type", "application/grpc").reply(1);

            assertThat(reply.headers()).containsEntry("content-length", "4");
            assertThat(reply.text()).isEqualTo("body");
            assertThat(reply.trailers()).containsEntry("grpc-status", "0");
        } finally {
            vertx.close().await();
        }
    }

    private static Flow.Publisher<java.nio.ByteBuffer> publisher(String text) {
        return subscriber -> {
            SubmissionPublisher<java.nio.ByteBuffer> publisher = new SubmissionPublisher<>();
            publisher.subscribe(subscriber);
            publisher.submit(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            publisher.close();
        };
    }

    @Test
    void anUpgradeThatIsAskedForWronglyIsPassedOver() {
        List<String> wrong = List.of(
                "Connection: Upgrade\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAUAAAAB\r\n");
        try (RawUpstream upstream = echo();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            for (String fields : wrong) {
                try (RawClient client = gateway.client()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
                    assertThat(client.read().status()).as(fields).isEqualTo(200);
                    assertThat(client.get("/").status()).as(fields).isEqualTo(200);
                }
            }
            assertThat(upstream.requests()).allSatisfy(request -> {
                assertThat(request.header("upgrade")).isNull();
                assertThat(request.header("http2-settings")).isNull();
            });
        }
    }

    @Test
    void trailersComeAndHopByHopHeadersDoNot() {
        String answer = RawUpstream.lines(
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "Keep-Alive: 5",
                "Connection: X",
                "X: y",
                "",
                "2",
                "ok",
                "0",
                "Grpc-Status: 0",
                "");
        try (RawUpstream upstream = RawUpstream.answering(answer);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawHttp2Client.Reply reply = client.get(1, "/").reply(1);

            assertThat(reply.text()).isEqualTo("ok");
            assertThat(reply.trailers()).containsEntry("grpc-status", "0");
            assertThat(reply.headers())
                    .doesNotContainKeys("transfer-encoding", "connection", "keep-alive", "x", "upgrade")
                    .containsKeys("via", "x-request-id");
        }
    }

    @Test
    void anAnswerThatBreaksOffResetsItsStreamAndNoOther() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    RawUpstream.Request request = connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                    if (request != null && request.path().equals("/whole")) {
                        asked.countDown();
                        go.await();
                        connection.write("lf");
                        connection.awaitEnd();
                    }
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            client.get(1, "/whole");
            asked.await();

            RawHttp2Client.Reply broken = client.get(3, "/broken").reply(3);
            go.countDown();
            RawHttp2Client.Reply whole = client.reply(1);

            assertThat(broken.reset()).isEqualTo(INTERNAL_ERROR);
            assertThat(broken.ended()).isFalse();
            assertThat(whole.text()).isEqualTo("half");
            assertThat(whole.ended()).isTrue();
            TestGateway.await("both recorded", () -> gateway.counted(route, 200) == 2);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void aStreamThatTheClientResetsLetsTheUpstreamGoAndNoOtherStream() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    RawUpstream.Request request = connection.request();
                    if (request != null && request.path().equals("/given-up")) {
                        asked.countDown();
                        connection.awaitEnd();
                        released.countDown();
                    } else {
                        connection.write(RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");
            client.get(1, "/given-up");
            asked.await();

            client.reset(1, CANCEL);

            released.await();
            assertThat(client.get(3, "/").reply(3).status()).isEqualTo(200);
            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 1);
            assertThat(gateway.total()).isEqualTo(2);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyEndsBoth() {
        try (TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serveNothing("{'paths':['/other']}");

            client.post(1, "/");
            RawHttp2Client.Reply reply = client.reply(1);

            assertThat(reply.status()).isEqualTo(404);
            assertThat(client.get(3, "/other").reply(3).status()).isEqualTo(503);
        }
    }

    @Test
    void aBodyThatWasReadToItsEndIsSentAgain() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    RawUpstream.Request request = connection.request();
                    while (request != null) {
                        if (connection.served() == 2) {
                            return; // as if the connection had been idle for too long
                        }
                        connection.write(RawUpstream.OK);
                        request = connection.request();
                    }
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            assertThat(client.get(1, "/").reply(1).status()).isEqualTo(200);

            client.headers(3, false, ":method", "PUT", ":scheme", "http", ":authority", "a", ":path", "/");
            client.data(3, true, "body");

            assertThat(client.reply(3).status()).isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly("", "body", "body");
        }
    }

    @Test
    void anOrderlyStopSaysGoAwayAndServesWhatWasBegun() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    asked.countDown();
                    go.await();
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client idle = new RawHttp2Client(gateway.port());
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            assertThat(idle.get(1, "/none-such", "host", "b").reply(1).reset()).isPositive();
            client.get(1, "/");
            asked.await();

            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();

            assertThat(idle.goAways()).first().isEqualTo(Integer.MAX_VALUE);
            assertThat(idle.goAway()).isLessThanOrEqualTo(1);
            go.countDown();
            RawHttp2Client.Reply reply = client.reply(1);
            assertThat(client.goAway()).isEqualTo(1);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.ended()).isTrue();
            assertThat(reply.headers()).doesNotContainKey("connection");
            assertThat(client.goAwayCode()).isZero();
        }
    }

    /** It is told to leave in the middle of its requests, and loses none of them. */
    @Test
    void aClientThatIsNeverIdleHearsOfTheStopToo() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (RawUpstream.Request request = connection.request();
                            request != null;
                            request = connection.request()) {
                        if (request.path().equals("/slow")) {
                            go.await();
                        }
                        connection.write(RawUpstream.OK);
                    }
                });
                TestGateway gateway = TestGateway.draining(Duration.ofMillis(200));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/'],'strip_path':false}");
            client.get(1, "/slow");
            TestGateway.await("under way", () -> upstream.requests().size() == 1);

            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();

            assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE);
            // Begun before it can know better, and so is the body that is still to come.
            client.get(3, "/late");
            client.post(5, "/late");
            assertThat(client.reply(3).text()).isEqualTo("ok");
            assertThat(client.goAway()).isEqualTo(5);
            client.get(7, "/too-late");
            client.data(5, true, "body");
            assertThat(client.reply(5).text()).isEqualTo("ok");
            go.countDown();
            assertThat(client.reply(1).text()).isEqualTo("ok");

            assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE, 5);
            gateway.finish();
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(client.reply(7).status()).as("which it knows").isZero();
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::path)
                    .containsExactlyInAnyOrder("/slow", "/late", "/late");
            assertThat(gateway.counted(route, 200)).isEqualTo(3);
            assertThat(gateway.total()).isEqualTo(3);
        }
    }

    @Test
    void aClientThatNeverSaysThatItHeardIsToldTheLastStreamAllTheSame() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    go.await();
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = TestGateway.draining(Duration.ofMillis(200));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            client.answerNoPings().get(1, "/");
            TestGateway.await("under way", () -> upstream.requests().size() == 1);

            gateway.lifecycle().advanceTo(Lifecycle.Phase.DRAINING);
            gateway.server().stopAccepting().await();

            assertThat(client.goAway()).isEqualTo(1);
            assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE, 1);
            go.countDown();
            assertThat(client.reply(1).text()).isEqualTo("ok");
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefusedAndMayBeAskedAgain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    while (connection.request() != null) {
                        go.await();
                        connection.write(RawUpstream.OK);
                    }
                });
                TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_STREAMS", "2"));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/slow']}");

            assertThat(client.get(1, "/none").reply(1).status()).isEqualTo(404); // has read the gateway's settings

            client.get(3, "/slow").get(5, "/slow").get(7, "/slow");

            assertThat(client.reply(7).reset()).isEqualTo(REFUSED_STREAM);
            go.countDown();
            assertThat(client.reply(3).status()).isEqualTo(200);
            assertThat(client.reply(5).status()).isEqualTo(200);
            assertThat(client.get(9, "/slow").reply(9).status()).isEqualTo(200);
        }
    }

    @Test
    void floodsEndTheConnection() {
        try (TestGateway gateway = new TestGateway();
                RawHttp2Client resets = new RawHttp2Client(gateway.port());
                RawHttp2Client continuations = new RawHttp2Client(gateway.port())) {
            gateway.serveNothing("{'paths':['/']}");
            try {
                for (int stream = 1; stream < 2_000; stream += 2) {
                    resets.get(stream, "/").reset(stream, CANCEL);
                }
            } catch (java.io.UncheckedIOException e) {
                // the gateway has had enough
            }
            assertThat(resets.isClosedByPeer()).isTrue();

            continuations.frame(RawHttp2Client.HEADERS, 0, 1, new byte[0]);
            try {
                for (int i = 0; i < 100; i++) {
                    continuations.frame(9, 0, 1, new byte[0]);
                }
            } catch (java.io.UncheckedIOException e) {
                // the gateway has had enough
            }
            assertThat(continuations.isClosedByPeer()).isTrue();
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }
}
