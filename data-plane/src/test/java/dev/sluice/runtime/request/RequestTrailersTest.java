package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Limits;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients send behind their bodies goes on (RFC 9110 6.5), over whichever version of HTTP. */
final class RequestTrailersTest {
    private static final String STREAM_RESET = "reset"; // by the codec
    private static final long PROTOCOL_ERROR = 1;
    private static final String CHUNKED = "POST /chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n";
    private static final String[] POST = {":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/"};
    private static final String GRPC_ROUTE = "{'paths':['/'],'strip_path':false}";

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String[] post(String... further) {
        String[] all = new String[POST.length + further.length];
        System.arraycopy(POST, 0, all, 0, POST.length);
        System.arraycopy(further, 0, all, POST.length, further.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource({"5|hello|,true", "2|he|3|llo|,true", ",true", "5|hello|,false", "2|he|3|llo|,false", ",false"})
    void theyArriveBehindTheLastChunk(@Nullable String pieces, boolean buffered) {
        String chunks = pieces == null ? "" : pieces.replace("|", "\r\n");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");

            client.send(CHUNKED + "Trailer: X-Sum, X-More\r\n\r\n" + chunks
                    + "0\r\nX-Sum: 42\r\nx-more:\t1 \r\nX-More: 2\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);

            RawUpstream.Request request = upstream.request();
            assertThat(request.body()).isEqualTo(chunks.isEmpty() ? "" : "hello");
            assertThat(request.header("trailer")).isEqualTo("X-Sum, X-More");
            assertThat(request.trailers()).containsExactly("X-Sum: 42", "x-more: 1", "X-More: 2");
            assertThat(client.get("/").status())
                    .as("the connections are good for more")
                    .isEqualTo(200);
            assertThat(upstream.requests().get(1).trailers()).isEmpty();
        }
    }

    @Test
    void thoseThatMeanSomethingOnlyBeforeTheBodyDoNot() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send(CHUNKED + "Connection: X-Own\r\n\r\n0\r\n"
                    + RawUpstream.lines(
                            "Authorization: Basic eDp5",
                            "Cookie: a=b",
                            "Content-Type: text/html",
                            "Content-Encoding: gzip",
                            "Keep-Alive: 5",
                            "TE: trailers",
                            "Upgrade: x",
                            "If-Match: *",
                            "X-Forwarded-For: 10.0.0.1",
                            "X-Real-IP: 10.0.0.1",
                            "X-Own: 1",
                            "X-Sum: 42")
                    + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);

            assertThat(upstream.request().trailers()).containsExactly("X-Sum: 42");
        }
    }

    /** The guard on the wire reads ahead of whoever serves. */
    @Test
    void eachRequestHasItsOwnHoweverManyAreSentAhead() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/chunked']}");
            String get = "GET /chunked HTTP/1.1\r\nHost: h\r\n\r\n";
            String nowhere = CHUNKED.replace("/chunked", "/nowhere") + "\r\n0\r\nX-N: nowhere\r\n\r\n";

            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                String trailer = i % 3 == 0 ? "" : "X-N: " + i + "\r\n";
                all.append(get)
                        .append(nowhere)
                        .append(CHUNKED)
                        .append("\r\n1\r\na\r\n0\r\n")
                        .append(trailer + "\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 20; i++) {
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(client.read().status()).isEqualTo(404);
                assertThat(client.read().status()).isEqualTo(200);
            }

            assertThat(upstream.requests().stream()
                            .filter(request -> request.line().startsWith("POST"))
                            .map(RawUpstream.Request::trailers))
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(i -> i % 3 == 0 ? List.<String>of() : List.of("X-N: " + i))
                            .toList());
        }
    }

    @Test
    void theyAreSaidAgainWithTheirBody() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    while (connection.request() != null && connection.served() == 1) {
                        connection.write(RawUpstream.OK);
                    }
                });
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");
            assertThat(client.get(1, "/").reply(1).status()).isEqualTo(200);

            String[] put = post();
            put[1] = "PUT";
            client.headers(3, false, put).data(3, false, "body").headers(3, true, "x-sum", "42");

            assertThat(client.reply(3).status()).isEqualTo(200);
            assertThat(upstream.requests().subList(1, 3)).allSatisfy(request -> {
                assertThat(request.body()).isEqualTo("body");
                assertThat(request.trailers()).containsExactly("x-sum: 42");
            });
        }
    }

    @Test
    void fromHttp2TheyArriveWhereTheLengthIsNotKnown() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.headers(1, false, post("trailer", "x-sum"))
                    .data(1, false, "body")
                    .headers(1, true, "x-sum", "42", "cookie", "a=b");
            assertThat(client.reply(1).status()).isEqualTo(200);
            client.headers(3, false, post()).headers(3, true, "x-sum", "43");
            assertThat(client.reply(3).status()).isEqualTo(200);
            client.headers(5, false, post("content-length", "4")).data(5, false, "body");
            assertThat(client.headers(5, true, "x-sum", "44").reply(5).status()).isEqualTo(200);

            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly("body", "", "body");
            assertThat(upstream.requests().get(0).header("trailer")).isEqualTo("x-sum");
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::trailers)
                    .containsExactly(List.of("x-sum: 42"), List.of("x-sum: 43"), List.of());
        }
    }

    /** Where the window is narrow, they are written long before there is room for the body. */
    @ParameterizedTest
    @CsvSource({"65535,0", "65535,4", "65535,50000", "16,4", "16,1000", "100,50000"})
    void toHttp2TheyEndTheStreamBehindTheBody(int window, int length) {
        String body = "x".repeat(length);
        try (RawHttp2Upstream upstream = new RawHttp2Upstream(window, connection -> {
                    for (var call = connection.request(); call != null; call = connection.request()) {
                        connection.headers(call.stream(), true, ":status", "200");
                    }
                });
                RawClient client = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'protocol':'grpc'}", GRPC_ROUTE);

            for (int i = 0; i < 2; i++) {
                String chunk = length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body + "\r\n";
                client.send(CHUNKED + "\r\n" + chunk + "0\r\nX-Sum: 42\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
                int stream = 2 * i + 1;
                http2.headers(stream, false, post("content-type", "application/grpc"));
                for (int at = 0; at < length; at += 16_000) {
                    http2.data(stream, false, body.substring(at, Math.min(length, at + 16_000)));
                }
                assertThat(http2.headers(stream, true, "x-sum", "42")
                                .reply(stream)
                                .status())
                        .isEqualTo(200);
            }

            assertThat(upstream.requests()).hasSize(4).allSatisfy(request -> {
                assertThat(request.body()).isEqualTo(body);
                assertThat(request.trailers()).isEqualTo(Map.of("x-sum", "42"));
            });
            assertThat(upstream.connectionCount()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatIsNoTrailerOverHttp2IsRefused() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway narrow = new TestGateway(Limits.of("SLUICE_MAX_HEADER_BYTES", "1024"));
                RawHttp2Client client = new RawHttp2Client(narrow.port())) {
            narrow.serve(upstream.port(), "{'paths':['/']}");
            List<String[]> refused = List.of(
                    new String[] {STREAM_RESET, "connection", "x"},
                    new String[] {STREAM_RESET, "transfer-encoding", "chunked"},
                    new String[] {STREAM_RESET, ":path", "/other"},
                    new String[] {STREAM_RESET, "X-Sum", "42"},
                    new String[] {"400", "content-length", "4"},
                    new String[] {"400", "host", "b"},
                    new String[] {"431", "x-long", "x".repeat(1_024)});

            for (int i = 0; i < refused.size(); i++) {
                int stream = 2 * i + 1;
                String[] fields = new String[refused.get(i).length - 1];
                System.arraycopy(refused.get(i), 1, fields, 0, fields.length);
                client.headers(stream, false, post())
                        .data(stream, false, "body")
                        .headers(stream, true, fields);

                RawHttp2Client.Reply reply = client.reply(stream);
                assertThat(reply.reset() == PROTOCOL_ERROR ? STREAM_RESET : Integer.toString(reply.status()))
                        .as(fields[0])
                        .isEqualTo(refused.get(i)[0]);
            }
            int stream = 2 * refused.size() + 1;
            assertThat(client.get(stream, "/").reply(stream).status()).isEqualTo(200);
            assertThat(upstream.requests()).as("nothing else to its end").hasSize(1);
        }
    }
}
