package dev.sluice.runtime;

import static dev.sluice.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.HostPort;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.RuntimeSettings.TlsSettings;
import dev.sluice.runtime.disk.DataDirectoryException;
import dev.sluice.runtime.sync.ControlLoop.Timing;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole runtime in this process: control plane, upstream and clients over real sockets. */
class GatewayRuntimeTest {
    private static final Timing TIMING = new Timing(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();
    private final Vertx upstreams = Vertx.vertx();
    /** Over HTTP/2 the JDK's client, as of 17, gives up on GOAWAY what is in flight, whatever it says (RFC 9113 6.8). */
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private int upstreamPort;

    @TempDir
    Path directory;

    @BeforeEach
    void startUpstream() {
        HttpServer upstream = upstreams
                .createHttpServer()
                .requestHandler(request -> {
                    if (request.path().equals("/slow")) {
                        upstreams.setTimer(700, id -> request.response().end("slow"));
                    } else {
                        request.response().end("hello");
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
        upstreamPort = upstream.actualPort();
    }

    @AfterEach
    void close() {
        controlPlane.close();
        upstreams.close().await();
    }

    @Test
    void aClientsRequestsAreServedAndCountedExactly() throws Exception {
        controlPlane.serve(Configurations.mockbin(1, 1, upstreamPort, 0));
        GatewayRuntime runtime = new GatewayRuntime(settings(directory), TIMING);
        HostPort status = runtime.start().await();
        HostPort proxy = runtime.serving().await();
        assertThat(get(status, "/ready").statusCode()).isEqualTo(200);
        for (int i = 0; i < 200; i++) {
            assertThat(get(proxy, "/mock").body()).isEqualTo("hello");
        }
        for (int i = 0; i < 5; i++) {
            assertThat(get(proxy, "/nowhere").statusCode()).isEqualTo(404);
        }
        eventually(() -> assertThat(controlPlane.total()).isEqualTo(205));
        assertThat(controlPlane.total(404)).isEqualTo(5);
        String metrics = get(status, "/metrics").body();
        assertThat(metrics)
                .contains("sluice_requests_total{code=\"200\",route=\"mockbin\"} 200")
                .contains("sluice_request_duration_seconds_count{route=\"mockbin\"} 200")
                .contains("sluice_revision_served 1.0")
                .contains("sluice_joined 1.0")
                .containsPattern("sluice_certificate_expiry_timestamp_seconds 1\\.\\d+E9")
                .contains("sluice_event_loop_lag_seconds")
                .contains("jvm_memory_used_bytes");
        assertThat(get(status, "/status").body())
                .contains("\"revision\":1", "\"source\":\"control_plane\"", "\"refusal\":null")
                .contains("\"joined\":true", "\"group\":\"default\"", "\"certificate_expires_at\":\"20")
                .doesNotContain(controlPlane.token().secret(), "PRIVATE KEY");
        runtime.stop().await();
        assertThat(controlPlane.lastReport().state().stopped()).isTrue();
    }

    @Test
    void withoutASnapshotItIsLiveButNotReadyAndServesOnceThereIsOne() throws Exception {
        GatewayRuntime runtime = new GatewayRuntime(settings(directory), TIMING);
        HostPort status = runtime.start().await();
        assertThat(get(status, "/live").statusCode()).isEqualTo(200);
        assertThat(get(status, "/ready").statusCode()).isEqualTo(503);
        assertThat(get(status, "/status").body()).contains("\"source\":\"none\"", "\"proxy_address\":\"\"");
        assertThat(runtime.serving().isComplete()).isFalse();
        controlPlane.serve(Configurations.mockbin(1, 1, upstreamPort, 0));
        HostPort proxy = runtime.serving().await();
        assertThat(get(proxy, "/mock").body()).isEqualTo("hello");
        eventually(() -> assertThat(get(status, "/ready").statusCode()).isEqualTo(200));
        runtime.stop().await();
    }

    @Test
    void aStopLetsWhatIsInFlightFinishAndCountsIt() throws Exception {
        controlPlane.serve(Configurations.mockbin(1, 1, upstreamPort, 0));
        GatewayRuntime runtime = new GatewayRuntime(settings(directory), TIMING);
        HostPort status = runtime.start().await();
        HostPort proxy = runtime.serving().await();
        var slow = client.sendAsync(request(proxy, "/mock/slow"), HttpResponse.BodyHandlers.ofString());
        eventually(() -> assertThat(get(status, "/metrics").body()).contains("sluice_attempts_active 1.0"));
        var stopped = runtime.stop();
        eventually(() -> assertThat(get(status, "/ready").statusCode()).isEqualTo(503));
        assertThat(get(proxy, "/mock").body()).isEqualTo("hello"); // new connections are served for a while
        assertThat(slow.get().body()).isEqualTo("slow");
        stopped.await();
        assertThat(controlPlane.total(200)).isEqualTo(2);
        assertThatThrownBy(() -> get(proxy, "/mock")).isInstanceOf(IOException.class);
    }

    @Test
    void aDataDirectoryServesOneRuntimeAtATime() {
        GatewayRuntime first = new GatewayRuntime(settings(directory), TIMING);
        assertThatThrownBy(() -> new GatewayRuntime(settings(directory), TIMING))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("in use by another runtime");
        HostPort status = first.start().await();
        assertThat(status.port()).isPositive();
        first.stop().await();
        GatewayRuntime again = new GatewayRuntime(settings(directory), TIMING);
        HostPort statusAgain = again.start().await();
        assertThat(statusAgain.port()).isPositive();
        again.stop().await();
    }

    private RuntimeSettings settings(Path data) {
        HostPort anyPort = new HostPort("127.0.0.1", 0);
        return new RuntimeSettings(
                List.of(controlPlane.uri()),
                controlPlane.token(),
                null,
                "one",
                data,
                null,
                anyPort,
                new ProxySettings(
                        anyPort,
                        TlsSettings.OFF,
                        2,
                        Limits.DEFAULT,
                        Limits.BUFFERS,
                        List.of(),
                        ProxyProtocol.OFF,
                        DeniedNetworks.ALWAYS_DENIED,
                        Set.of(),
                        false,
                        ObservedSettings.OFF,
                        Duration.ofMillis(400),
                        Duration.ofSeconds(5)),
                null);
    }

    private HttpResponse<String> get(HostPort at, String path) throws IOException, InterruptedException {
        return client.send(request(at, path), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(HostPort at, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + at + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }
}
