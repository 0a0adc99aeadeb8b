package dev.sluice.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.settings.HostPort;
import dev.sluice.runtime.admin.Lifecycle.Phase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final Lifecycle lifecycle = new Lifecycle();
    private final HttpClient client = HttpClient.newHttpClient();
    private HostPort bound = new HostPort("127.0.0.1", 0);

    @BeforeEach
    void listen() {
        StatusServer server = new StatusServer(
                vertx, bound, lifecycle, () -> "{\"a\":1}".getBytes(StandardCharsets.UTF_8), () -> "a_metric 1\n");
        bound = server.listen().await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void itIsLiveInEveryPhaseAndReadyInOneAlone() throws Exception {
        for (Phase phase : Phase.values()) {
            lifecycle.advanceTo(phase);
            assertThat(get("/live").statusCode()).isEqualTo(200);
            assertThat(get("/ready").statusCode()).as(phase.name()).isEqualTo(phase == Phase.READY ? 200 : 503);
        }
    }

    @Test
    void statusIsJsonAndMetricsArePrometheusText() throws Exception {
        assertThat(get("/status").body()).isEqualTo("{\"a\":1}");
        assertThat(get("/status").headers().firstValue("content-type")).contains("application/json");
        assertThat(get("/metrics").body()).isEqualTo("a_metric 1\n");
    }

    @Test
    void anythingElseIsRefused() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(uri("/live"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + bound + path);
    }
}
