package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What a request over HTTP/2 must not say, because it is none, or would say something else over HTTP/1. */
final class Http2GuardTest {
    private static final long PROTOCOL_ERROR = 1;
    private static final int STREAM_RESET = 0;

    /** @param status of the answer, or that there is none because the stream is reset */
    private record Row(String name, String clause, int status, List<String> fields) {
        Row(String name, String clause, int status, String... fields) {
            this(name, clause, status, List.of(fields));
        }
    }

    private static Row get(String name, String clause, int status, String... further) {
        String[] fields = new String[8 + further.length];
        String[] pseudo = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/row"};
        System.arraycopy(pseudo, 0, fields, 0, 8);
        System.arraycopy(further, 0, fields, 8, further.length);
        return new Row(name, clause, status, fields);
    }

    private static Row raw(String name, String clause, int status, String... fields) {
        return new Row(name, clause, status, fields);
    }

    private static List<Row> rows() {
        String pseudo = "RFC 9113 8.3";
        String octets = "RFC 9113 8.2.1";
        String connection = "RFC 9113 8.2.2";
        return List.of(
                raw("no method", pseudo, STREAM_RESET, ":scheme", "http", ":authority", "a", ":path", "/row"),
                raw("no path", pseudo, STREAM_RESET, ":method", "GET", ":scheme", "http", ":authority", "a"),
                raw("no scheme", pseudo, STREAM_RESET, ":method", "GET", ":authority", "a", ":path", "/row"),
                raw("no authority", pseudo, 400, ":method", "GET", ":scheme", "http", ":path", "/row"),
                get("a pseudo-header twice", pseudo, STREAM_RESET, ":path", "/smuggled"),
                get("a pseudo-header that nobody knows", pseudo, STREAM_RESET, ":x", "y"),
                get("a pseudo-header of answers", pseudo, STREAM_RESET, ":status", "200"),
                get("a pseudo-header behind a field", pseudo, STREAM_RESET, "x", "y", ":path", "/smuggled"),
                path("an empty path", STREAM_RESET, ""),
                path("a path without a slash", 400, "row"),
                path("an asterisk", 400, "*"),
                raw(
                        "OPTIONS of the server itself",
                        "RFC 9113 8.3.1",
                        400,
                        ":method",
                        "OPTIONS",
                        ":scheme",
                        "http",
                        ":authority",
                        "a",
                        ":path",
                        "*"),
                path("a path with a space", 400, "/row HTTP/1.1"),
                path(
                        "a path with the end of a request line",
                        STREAM_RESET,
                        "/row HTTP/1.1\r\nHost: b\r\n\r\nGET /smuggled"),
                path("a path with a NUL", STREAM_RESET, "/row\u0000"),
                path("a path beyond ASCII", 400, "/row\u00ff"),
                path("a path with a fragment", 400, "/row#x"),
                path("a path that is a URI", 400, "http://b/row"),
                method("a method with a space", STREAM_RESET, "GET /smuggled HTTP/1.1\r\nX:"),
                method("a method with an end of line", STREAM_RESET, "GET\r\nX"),
                method("TRACE", 405, "TRACE"),
                raw("CONNECT", "RFC 9113 8.5", 501, ":method", "CONNECT", ":authority", "a:80"),
                raw(
                        "CONNECT with a path",
                        "RFC 9113 8.5",
                        STREAM_RESET,
                        ":method",
                        "CONNECT",
                        ":scheme",
                        "http",
                        ":authority",
                        "a:80",
                        ":path",
                        "/row"),
                raw(
                        "WebSocket, which was not offered",
                        "RFC 8441 4",
                        STREAM_RESET,
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":authority",
                        "a",
                        ":path",
                        "/row",
                        "sec-websocket-version",
                        "13"),
                scheme("another scheme", 400, "gopher"),
                scheme("a scheme with an end of line", STREAM_RESET, "http\r\nX: y"),
                authority("an empty authority", STREAM_RESET, ""),
                authority("an authority with a user", STREAM_RESET, "u@a"),
                authority("an authority with an end of line", STREAM_RESET, "a\r\nX: y"),
                authority("an authority with a path", STREAM_RESET, "a/b"),
                get("a Host that contradicts", "RFC 9113 8.3.1", STREAM_RESET, "host", "b"),
                get("a Host twice", "RFC 9112 3.2", 400, "host", "a", "host", "a"),
                get("a name in upper case", octets, STREAM_RESET, "X-Upper", "y"),
                get("a name with an end of line", octets, STREAM_RESET, "x\r\ny", "z"),
                get("a name with a colon", octets, STREAM_RESET, "x:y", "z"),
                get("a name with a space", octets, STREAM_RESET, "x y", "z"),
                get("an empty name", octets, STREAM_RESET, "", "z"),
                get("a value with an end of line", octets, STREAM_RESET, "x", "y\r\nZ: z"),
                get("a value with a line feed", octets, STREAM_RESET, "x", "y\nz"),
                get("a value with a carriage return", octets, STREAM_RESET, "x", "y\rz"),
                get("a value with a NUL", octets, STREAM_RESET, "x", "y\u0000z"),
                get(
                        "a value with a request in it",
                        octets,
                        STREAM_RESET,
                        "x",
                        "y\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"),
                get("Connection", connection, STREAM_RESET, "connection", "close"),
                get("Keep-Alive", connection, STREAM_RESET, "keep-alive", "5"),
                get("Proxy-Connection", connection, STREAM_RESET, "proxy-connection", "close"),
                get("Transfer-Encoding", connection, STREAM_RESET, "transfer-encoding", "chunked"),
                get("Upgrade", connection, STREAM_RESET, "upgrade", "websocket"),
                get("TE beyond trailers", connection, STREAM_RESET, "te", "gzip"),
                get("H2.CL: a length and no body", "RFC 9113 8.1.1", STREAM_RESET, "content-length", "5"),
                get("a length that is no number", "RFC 9110 8.6", STREAM_RESET, "content-length", "+0"),
                get("two lengths", "RFC 9110 8.6", STREAM_RESET, "content-length", "0", "content-length", "1"),
                get("a length with an underscore", "RFC 9110 5.1", 400, "content_length", "5"));
    }

    private static Row path(String name, int status, String path) {
        return raw(
                name, "RFC 9113 8.3.1", status, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", path);
    }

    private static Row method(String name, int status, String method) {
        return raw(
                name, "RFC 9110 9.1", status, ":method", method, ":scheme", "http", ":authority", "a", ":path", "/row");
    }

    private static Row scheme(String name, int status, String scheme) {
        return raw(
                name,
                "RFC 9113 8.3.1",
                status,
                ":method",
                "GET",
                ":scheme",
                scheme,
                ":authority",
                "a",
                ":path",
                "/row");
    }

    private static Row authority(String name, int status, String authority) {
        return raw(
                name,
                "RFC 9113 8.3.1",
                status,
                ":method",
                "GET",
                ":scheme",
                "http",
                ":authority",
                authority,
                ":path",
                "/row");
    }

    @Test
    void whatIsMalformedIsRefusedAloneAndNotForwarded() {
        SoftAssertions softly = new SoftAssertions();
        try (RecordingUpstream upstream = new RecordingUpstream();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            for (Row row : rows()) {
                try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
                    client.headers(1, true, row.fields().toArray(String[]::new));
                    RawHttp2Client.Reply reply = client.reply(1);
                    String as = row.name() + " (" + row.clause() + ")";
                    softly.assertThat(reply.status()).as(as).isEqualTo(row.status());
                    softly.assertThat(reply.reset())
                            .as(as)
                            .isEqualTo(row.status() == STREAM_RESET ? PROTOCOL_ERROR : -1);
                    if (reply.ended() || reply.reset() >= 0) {
                        client.get(3, "/after");
                        softly.assertThat(client.reply(3).status())
                                .as(as + ", then")
                                .isEqualTo(200);
                    }
                }
            }
            softly.assertThat(upstream.octets()).doesNotContain("/row", "smuggled");
            softly.assertThat(upstream.served()).isEqualTo(rows().size());
        }
        softly.assertAll();
    }

    @Test
    void aBodyThatIsNotAsLongAsItSaysResetsItsStreamAndIsNeverWhole() {
        try (RecordingUpstream upstream = new RecordingUpstream();
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.post(1, "/row", "content-length", "3");
            client.data(1, true, "abcGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.reply(1).reset()).isEqualTo(PROTOCOL_ERROR);
            client.get(3, "/after");
            assertThat(client.reply(3).status()).isEqualTo(200);
            assertThat(upstream.octets()).doesNotContain("smuggled");
        }
    }

    @Test
    void whatIsRareButClearIsServedAndSaidInHttp1() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/'],'preserve_host':true}");

            client.get(1, "/a?b", "cookie", "a=1", "cookie", "b=2", "te", "trailers", "x", "", "host", "a");

            assertThat(client.reply(1).status()).isEqualTo(200);
            RawUpstream.Request request = upstream.request();
            assertThat(request.line()).isEqualTo("GET /a?b HTTP/1.1");
            assertThat(request.header("host")).isEqualTo("a");
            assertThat(request.header("cookie")).isEqualTo("a=1; b=2");
            assertThat(request.header("te")).isEqualTo("trailers");
            assertThat(request.header("x")).isEmpty();
        }
    }
}
