package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardingTest {
    @Test
    void theFoundingWalkThroughWorks() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(upstream.port(), "{'name':'mockbin','paths':['/mock']}");

            RawResponse answer = gateway.get("/mock");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hello");
            assertThat(upstream.request().line()).isEqualTo("GET / HTTP/1.1");
            assertThat(gateway.counted(route, 200)).isEqualTo(1);
            assertThat(gateway.total()).isEqualTo(1);
        }
    }

    @Test
    void queryGoesThroughUntouched() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'path':'/base'}", "{'paths':['/q']}");

            client.get("/q/x?a=%7e+b&&c=//../d");
            client.get("/q?");
            client.get("/q/%7Ea/./b//c?x=?");

            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::line)
                    .containsExactly(
                            "GET /base/x?a=%7e+b&&c=//../d HTTP/1.1",
                            "GET /base? HTTP/1.1", "GET /base/~a/b/c?x=? HTTP/1.1");
        }
    }

    /** Where the body was taken whole its length is known. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodiesArriveInTheFramingTheyCameInOrWithTheirLength(boolean buffered) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");

            client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
                    .read();
            client.send(
                            "PUT /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ChUnKeD\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                    .read();
            client.send("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                    .read();
            client.send("DELETE /d HTTP/1.1\r\nHost: h\r\n\r\n").read();

            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly("hello", "abcde", "", "");
            assertThat(upstream.requests())
                    .extracting(request -> request.header("content-length"))
                    .containsExactly("5", buffered ? "5" : null, "0", null);
            assertThat(upstream.requests())
                    .extracting(request -> request.header("transfer-encoding"))
                    .containsExactly(null, buffered ? null : "chunked", null, null);
            assertThat(upstream.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void largeBodiesGoBothWaysWhole() {
        String large = "0123456789abcdef".repeat(200_000);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    RawUpstream.Request request = connection.request();
                    String body = request == null ? "" : request.body();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
            RawResponse answer = client.read();

            assertThat(answer.complete()).isTrue();
            assertThat(answer.text().equals(large)).isTrue();
        }
    }

    @Test
    void headAndBodylessAnswersKeepTheConnectionInStep() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        switch (request.path()) {
                            case "/head" -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n");
                            case "/headchunked" ->
                                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            case "/204" -> connection.write("HTTP/1.1 204 No Content\r\n\r\n");
                            case "/304" -> connection.write("HTTP/1.1 304 Untouched\r\nETag: \"x\"\r\n\r\n");
                            default -> connection.write(RawUpstream.OK);
                        }
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse head =
                    client.send("HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n").readToHead();
            RawResponse chunked =
                    client.send("HEAD /headchunked HTTP/1.1\r\nHost: h\r\n\r\n").readToHead();
            RawResponse noContent = client.get("/204");
            RawResponse notModified = client.get("/304");
            RawResponse last = client.get("/last");

            assertThat(head.header("content-length")).isEqualTo("77");
            assertThat(chunked.status()).isEqualTo(200);
            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.names()).doesNotContain("content-length", "transfer-encoding");
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.names()).doesNotContain("content-length", "transfer-encoding");
            assertThat(notModified.header("etag")).isEqualTo("\"x\"");
            assertThat(last.text()).isEqualTo("ok");
        }
    }

    @Test
    void theHeaderSectionIsSentBeforeTheBodyComes() throws Exception {
        java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    seen.await();
                    connection.write("3\r\nabc\r\n0\r\n\r\n");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            int first = client.socket().getInputStream().read();
            seen.countDown();

            assertThat(first).isEqualTo('H');
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X Sum: 42", "X-Sum: 4\u000b2", "X-S\u00fcm: 42", "X-Sum: 4\u00002", "(): 42"})
    void anAnswerWithATrailerThatMayNotBeSentOnStillEnds(String trailer) {
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 200 Quite So\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + trailer
                                + "\r\n\r\n");
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.status() == 200 || answer.statusLine().equals("HTTP/1.1 502 Bad Gateway"))
                    .as(answer.statusLine())
                    .isTrue();
            assertThat(gateway.total()).isEqualTo(1);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void trailersOfAnAnswerAreForwarded() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.lines(
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "Trailer: X-Sum",
                        "",
                        "2",
                        "ok",
                        "0",
                        "X-Sum: 42",
                        "Content-Length: 9",
                        ""));
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.trailers()).containsEntry("X-Sum", "42").doesNotContainKey("Content-Length");
            assertThat(client.get("/").text()).isEqualTo("ok");
        }
    }

    @Test
    void answersThatTheLibraryCannotReadAreForwarded() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.lines(
                                "HTTP/1.1 200 Fine",
                                "Content-Length: 2",
                                "Cache-Control: public, max-age=99999999999",
                                "Expires: -1",
                                "Date: Thu, 01 Jan 2026 00:00:00 GMT",
                                "Warning: 110 x \"y\" \"z\"",
                                "")
                        + "ok");
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.get("/");

            assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 Fine");
            assertThat(answer.header("expires")).isEqualTo("-1");
            assertThat(answer.header("date")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
        }
    }

    @Test
    void oldClientsGetStreamsThatEndWithTheConnection() {
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .read();

            assertThat(answer.text()).isEqualTo("abcde");
            assertThat(answer.names()).doesNotContain("transfer-encoding");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    /** RFC 9112 9.6; in whatever list it stands. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive, Close", "close, X-Own", "X-Own\r\nConnection: close"})
    void aClientThatWantsToEndItsConnectionIsTakenAtItsWord(String connection) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/here']}");
            String end = " HTTP/1.1\r\nHost: h\r\nConnection: " + connection + "\r\n\r\n";

            RawResponse answer = client.send("GET /here" + end).read();

            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
            try (RawClient lost = gateway.client()) {
                answer = lost.send("GET /nowhere" + end).read();
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(lost.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        String path = request.path();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxx"
                    + "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.read().text()).isEqualTo("/1");
            assertThat(client.read().text()).isEqualTo("/2");
            assertThat(client.read().text()).isEqualTo("/3");

            int many = 1_000;
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < many; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < many; i++) {
                assertThat(client.read().text()).isEqualTo("/" + i);
            }
        }
    }
}
