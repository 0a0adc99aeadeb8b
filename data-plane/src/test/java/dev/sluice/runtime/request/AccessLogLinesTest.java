package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Route;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the access log says of requests, line by line. */
class AccessLogLinesTest {
    private static final MadeCertificate CERTIFICATE = MadeCertificate.leaf("api", "EC P-256", null);

    @TempDir
    private Path directory;

    private Path file;
    private TlsGateway gateway;

    @BeforeEach
    void start() {
        file = directory.resolve("access.log");
        gateway = new TlsGateway(new ObservedSettings(file.toString(), true));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aLineTellsOfARequestFromClientToUpstream() throws IOException {
        Route route = gateway.route("{'paths':['/']}");
        gateway.sni("api.example.com", gateway.certificate(CERTIFICATE));
        gateway.swap();
        RawResponse answer;
        try (RawClient client = new RawClient(gateway.connect(TlsClient.context(), "api.example.com", "TLSv1.3"))) {
            answer = client.send("POST /a?secret=1 HTTP/1.1\r\nHost: api.example.com\r\nX-Request-Id: mine\r\n")
                    .send("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")
                    .send("Content-Length: 5\r\n\r\nhello")
                    .read();
        }
        JsonNode line = lines(1).get(0);
        assertThat(line.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
        assertThat(line.path("request_id").asText()).isEqualTo("mine");
        assertThat(line.path("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(line.path("client").asText()).isEqualTo("127.0.0.1");
        assertThat(line.path("method").asText()).isEqualTo("POST");
        assertThat(line.path("host").asText()).isEqualTo("api.example.com");
        assertThat(line.path("path").asText()).as("without the query").isEqualTo("/a");
        assertThat(line.path("protocol").asText()).isEqualTo("HTTP/1.1");
        assertThat(line.path("tls").asText()).isEqualTo("TLSv1.3");
        assertThat(line.path("sni").asText()).isEqualTo("api.example.com");
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.has("failure")).isFalse();
        assertThat(line.path("bytes_received").asInt()).isEqualTo(5);
        assertThat(line.path("bytes_sent").asInt()).isEqualTo(answer.body().length());
        assertThat(line.path("duration_ms").isNumber()).isTrue();
        assertThat(line.path("route_id").asText()).isEqualTo(route.id().toString());
        assertThat(line.path("version_id").asText()).isEqualTo(route.versionId().toString());
        assertThat(line.path("upstream").asText()).isEqualTo("127.0.0.1:" + gateway.upstreamPort());
        assertThat(line.path("attempts").asInt()).isEqualTo(1);
        assertThat(line.path("upstream_ms").isNumber()).isTrue();
    }

    @Test
    void aLineOfHttp2NamesTheHostThatWasCalled() throws IOException {
        gateway.swap();
        int port = gateway.gateway().port();
        Vertx vertx = Vertx.vertx();
        try {
            HttpClientOptions http2 = new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false);
            HttpClientAgent client = vertx.createHttpClient(http2);
            int status = client.request(HttpMethod.GET, port, "127.0.0.1", "/nowhere")
                    .compose(HttpClientRequest::send)
                    .compose(answer -> answer.end().map(answer.statusCode()))
                    .await();
            client.close().await(); // one that nobody holds any more may be closed at any time
            assertThat(status).isEqualTo(404);
        } finally {
            vertx.close().await();
        }
        JsonNode line = lines(1).get(0);
        assertThat(line.path("protocol").asText()).isEqualTo("HTTP/2");
        assertThat(line.path("host").asText()).isEqualTo("127.0.0.1:" + port);
    }

    @Test
    void whatTheGatewayAnswersItselfHasTheFailuresName() throws IOException {
        gateway.swap();
        String sent = gateway.gateway().get("/nowhere").text();
        JsonNode line = lines(1).get(0);
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("failure").asText()).isEqualTo("NO_ROUTE");
        assertThat(line.path("bytes_sent").asInt()).isEqualTo(sent.length());
        assertThat(line.path("attempts").asInt()).isZero();
        assertThat(line.has("upstream")).isFalse();
        assertThat(line.has("tls")).isFalse();
    }

    @Test
    void aHostilePathStaysWithinItsLine() throws IOException {
        gateway.swap();
        try (RawClient client = gateway.gateway().client()) {
            client.send("GET /\"},{\"status\":200}\\\u00e9\u0007 HTTP/1.1\r\nHost: \"\\\u00ff\r\n\r\n")
                    .read();
        }
        gateway.gateway().get("/after");
        assertThat(lines(2))
                .as("in either order: a connection that cannot be read any further lingers")
                .anyMatch(line -> line.path("status").asInt() == 400)
                .anyMatch(line -> line.path("path").asText().equals("/after"));
    }

    @Test
    void aClientThatGoesAwayIsRecordedAs499() throws IOException {
        try (RawUpstream silent = new RawUpstream(connection -> {
            connection.request();
            connection.awaitEnd();
        })) {
            gateway.gateway().serve(silent.port(), "{'paths':['/']}");
            try (RawClient client = gateway.gateway().client()) {
                client.send("GET /slow HTTP/1.1\r\nHost: a.example\r\n\r\n");
                TestGateway.await(
                        "the request is on its way", () -> silent.requests().size() == 1);
            }
            JsonNode line = lines(1).get(0);
            assertThat(line.path("status").asInt()).isEqualTo(499);
            assertThat(line.path("failure").asText()).isEqualTo("CLIENT_GONE");
            assertThat(line.path("attempts").asInt()).isEqualTo(1);
            assertThat(line.has("upstream_ms")).isFalse();
        }
    }

    private List<JsonNode> lines(int count) throws IOException {
        TestGateway.await(count + " lines are written", () -> read().size() >= count);
        List<String> lines = read();
        assertThat(lines).hasSize(count);
        return lines.stream()
                .map(line -> (JsonNode) ConfigJson.object(line.getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    /** Whole ones. */
    private List<String> read() {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
