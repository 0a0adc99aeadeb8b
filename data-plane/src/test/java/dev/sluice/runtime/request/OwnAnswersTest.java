package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Limits;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers of the gateway itself to the client's own faults: each its status, its sentence and the request's id. */
final class OwnAnswersTest {
    private record Row(String rule, int status, String message, String request) {}

    private static final List<Row> ROWS = List.of(
            new Row("no route", 404, "no Route matched with those values", "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Row("no implementation", 503, "no implementation for this Route", "GET /r HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Row("ambiguous", 400, "Bad request", "GET /r HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            new Row("TRACE", 405, "Method not allowed", "TRACE /r HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Row("CONNECT", 501, "Method not implemented", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Row("another version", 505, "HTTP version not supported", "GET /r HTTP/1.2\r\nHost: a\r\n\r\n"),
            new Row("too slow", 408, "Request timeout", "GET /r HTTP/1.1\r\nHost"),
            new Row("body", 413, "Request body too large", "POST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"),
            new Row("URI", 414, "URI too long", "GET /" + "r".repeat(300) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Row(
                    "headers",
                    431,
                    "Request header or cookie too large",
                    "GET /r HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(2_000) + "\r\n\r\n"));

    @Test
    void haveTheirStatusTheirSentenceAndTheRequestsId() {
        try (TestGateway gateway = new TestGateway(Limits.of(
                "SLUICE_CLIENT_HEADER_MS",
                "300",
                "SLUICE_MAX_BODY_BYTES",
                "8",
                "SLUICE_MAX_URI_BYTES",
                "300",
                "SLUICE_MAX_HEADER_BYTES",
                "2000"))) {
            gateway.serveNothing("{'paths':['/r']}");
            for (Row row : ROWS) {
                try (RawClient client = gateway.client()) {
                    RawResponse answer = client.send(row.request()).read();
                    assertThat(answer.status()).as(row.rule()).isEqualTo(row.status());
                    JsonObject body = new JsonObject(answer.text());
                    assertThat(body.getString("message")).as(row.rule()).isEqualTo(row.message());
                    assertThat(body.getString("request_id"))
                            .as(row.rule())
                            .isNotBlank()
                            .isEqualTo(answer.header("x-request-id"));
                }
            }
            assertThat(gateway.total()).isEqualTo(ROWS.size());
        }
    }
}
