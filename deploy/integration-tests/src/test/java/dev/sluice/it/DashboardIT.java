package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.launcher.Checkout;
import dev.sluice.launcher.ChildProcess;
import dev.sluice.launcher.ChildSpec;
import dev.sluice.launcher.Ports;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard and the figures of both planes agree: a real Prometheus scrapes them and every query of the dashboard finds
 * something. Wants the program {@code prometheus} on the PATH, and is passed over without it unless the environment's {@code
 * TEST_PROMETHEUS} is {@code required}.
 */
class DashboardIT {
    private static final Path OBSERVABILITY =
            Checkout.find().directory().resolve("deploy").resolve("observability");
    private static final Duration UP = Duration.ofMinutes(1);
    private static final Duration FOUND = Duration.ofMinutes(2);

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 1);

    @TempDir
    private Path directory;

    private final int port = Ports.free();
    private ChildProcess prometheus;

    @BeforeEach
    void start() throws IOException {
        Optional<Path> program = program();
        if (!"required".equals(System.getenv("TEST_PROMETHEUS"))) {
            assumeThat(program).as("prometheus on the PATH").isPresent();
        }
        Path config = Files.write(directory.resolve("prometheus.yml"), new YAMLMapper().writeValueAsBytes(config()));
        prometheus = ChildProcess.start(new ChildSpec(
                "prometheus",
                List.of(
                        program.orElseThrow().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port),
                System.getenv(),
                directory.resolve("prometheus.log")));
        Await.until(UP, "Prometheus is ready", () -> {
            if (!prometheus.alive()) {
                throw new AssertionError("Prometheus ended:\n" + prometheus.logTail(20));
            }
            return Http.isOk(address("/-/ready"));
        });
    }

    @AfterEach
    void stop() {
        if (prometheus != null && prometheus.alive()) {
            assertThat(prometheus.stop(UP)).isTrue();
        }
    }

    @Test
    void everyQueryOfTheDashboardFindsSomething() throws IOException {
        SLUICE.declare("watched", "", Map.of("name", "watched", "paths", List.of("/watched")));
        SLUICE.api().post("/v1/upstreams", Map.of("name", "watched.upstream")).require(201);
        SLUICE.api()
                .waiting(10)
                .post("/v1/upstreams/watched.upstream/targets", Map.of("target", "127.0.0.1:9"))
                .require(201);
        Map<String, String> queries = queries();
        assertThat(queries).isNotEmpty();
        List<String> without = new ArrayList<>(queries.keySet());
        try {
            Await.until(FOUND, "every query of the dashboard finds something", () -> {
                assertThat(Http.get(SLUICE.runtime(0).address("/watched")).statusCode())
                        .isEqualTo(200);
                assertThat(Http.get(SLUICE.runtime(0).address("/nowhere")).statusCode())
                        .isEqualTo(404);
                queries.forEach((panel, query) -> {
                    if (without.contains(panel) && !result(panel, query).isEmpty()) {
                        without.remove(panel);
                    }
                });
                return without.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError("Queries that find nothing: " + without + "\n" + prometheus.logTail(20), e);
        }
    }

    private JsonNode result(String panel, String query) {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode answer =
                json(Http.get(address("/api/v1/query?query=" + encoded)).body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(panel + ", " + query + ": " + answer);
        }
        return answer.path("data").path("result");
    }

    private static JsonNode json(String text) {
        try {
            return ApiClient.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** By panel and letter. */
    private static Map<String, String> queries() throws IOException {
        JsonNode dashboard = ApiClient.JSON.readTree(
                OBSERVABILITY.resolve("grafana/dashboards/sluice.json").toFile());
        Map<String, String> queries = new TreeMap<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.put(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        target.path("expr").asText().replace("$__rate_interval", "20s"));
            }
        }
        return queries;
    }

    /** The file that people use, with the addresses of this test, looking every second; the front does not run here. */
    private static JsonNode config() throws IOException {
        JsonNode config = new YAMLMapper()
                .readTree(OBSERVABILITY.resolve("prometheus.yml").toFile());
        ((ObjectNode) config.path("global")).put("scrape_interval", "1s").put("scrape_timeout", "1s");
        List<JsonNode> jobs = new ArrayList<>();
        for (JsonNode job : config.path("scrape_configs")) {
            ObjectNode here = job.deepCopy();
            here.remove("dns_sd_configs");
            URI target =
                    switch (job.path("job_name").asText()) {
                        case "sluice-control-plane" -> SLUICE.controlPlane(0).ready();
                        case "sluice-runtime" -> SLUICE.runtime(0).ready();
                        default -> null;
                    };
            if (target != null) {
                here.set(
                        "static_configs",
                        ApiClient.JSON.valueToTree(List.of(Map.of("targets", List.of(target.getAuthority())))));
                jobs.add(here);
            }
        }
        assertThat(jobs).hasSize(2);
        ((ObjectNode) config).set("scrape_configs", ApiClient.JSON.valueToTree(jobs));
        return config;
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(part -> Path.of(part, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
