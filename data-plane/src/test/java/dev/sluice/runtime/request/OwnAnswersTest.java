package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Limits;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of the gateway itself: each its status, its sentence and the request's id. */
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
    void toTheClientsOwnFaultsHaveTheirStatusTheirSentenceAndTheRequestsId() {
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

    private static final String INVALID = "An invalid response was received from the upstream server";
    private static final String TIMING_OUT = "The upstream server is timing out";

    /** What is behind {@code /<failure>}, and how that is answered. */
    private record Fault(String failure, int status, String message, int port, String implementation) {
        private Fault(String failure, int status, String message, int port) {
            this(failure, status, message, port, "{'retries':0}");
        }
    }

    @Test
    void toFaultsBehindItHaveTheirNameInMetricAndAccessLogToo(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("access.log");
        try (RawUpstream closing = new RawUpstream(connection -> {
                    connection.request();
                });
                RawUpstream garbling = RawUpstream.answering("garbage garbage garbage\r\n\r\n");
                RawUpstream silent = new RawUpstream(RawUpstream.Connection::awaitEnd);
                RawUpstream speakingNoTls = new RawUpstream(connection -> {
                    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                    connection.awaitEnd();
                });
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FilledBacklog filled = new FilledBacklog(full);
                TestGateway gateway = new TestGateway(new ObservedSettings(log.toString(), false))) {
            List<Fault> faults = List.of(
                    new Fault("CONNECT_REFUSED", 502, INVALID, UpstreamFailureTest.closedPort()),
                    new Fault("UPSTREAM_CLOSED", 502, INVALID, closing.port()),
                    new Fault("INVALID_RESPONSE", 502, INVALID, garbling.port()),
                    new Fault("TLS_FAILED", 502, INVALID, speakingNoTls.port(), "{'retries':0,'protocol':'https'}"),
                    new Fault(
                            "ADDRESS_DENIED",
                            502,
                            "The upstream's address is not allowed",
                            80,
                            "{'host':'169.254.1.1'}"),
                    new Fault("NAME_RESOLUTION", 503, "name resolution failed", 80, "{'host':'no-such-host.invalid'}"),
                    new Fault("READ_TIMEOUT", 504, TIMING_OUT, silent.port(), "{'retries':0,'read_timeout':100}"),
                    new Fault(
                            "CONNECT_TIMEOUT", 504, TIMING_OUT, filled.port(), "{'retries':0,'connect_timeout':100}"));
            faults.forEach(fault ->
                    gateway.serve(fault.port(), fault.implementation(), "{'paths':['/" + fault.failure() + "']}"));
            var unused = new Balanced(gateway, "{}", "{}", "{'paths':['/NO_TARGET']}");
            gateway.serveNothing("{'paths':['/NO_IMPLEMENTATION']}");
            List<Fault> all = new ArrayList<>(faults);
            all.add(new Fault("NO_TARGET", 503, "failure to get a peer", 0));
            all.add(new Fault("NO_IMPLEMENTATION", 503, "no implementation for this Route", 0));
            all.add(new Fault("NO_ROUTE", 404, "no Route matched with those values", 0));

            for (Fault fault : all) {
                RawResponse answer = gateway.get("/" + fault.failure());
                assertThat(answer.status()).as(fault.failure()).isEqualTo(fault.status());
                JsonObject body = new JsonObject(answer.text());
                assertThat(body.getString("message")).as(fault.failure()).isEqualTo(fault.message());
                assertThat(body.getString("request_id")).isEqualTo(answer.header("x-request-id"));
                assertThat(gateway.requestsFailed(fault.failure()))
                        .as(fault.failure())
                        .isEqualTo(1);
            }
            TestGateway.await("all is logged", () -> logged(log).size() == all.size());
            assertThat(logged(log))
                    .extracting(line ->
                            line.getString("path") + " " + line.getString("failure") + " " + line.getInteger("status"))
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .map(fault -> "/" + fault.failure() + " " + fault.failure() + " " + fault.status())
                            .toList());
        }
    }

    /** Whole lines. */
    private static List<JsonObject> logged(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(JsonObject::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
