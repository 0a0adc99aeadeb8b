package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runtimes need no control plane to serve, to restart, or to count. */
class ControlPlaneOutageIT {
    private static final String VERSION = "/v1/services/steady/versions/v.1";
    private static final int EACH = 50;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    private long sent;

    @Test
    void runtimesServeAndRestartWithoutAControlPlaneAndTheirCountsArriveExactly() {
        SLUICE.declare("steady", "", Map.of("name", "steady", "paths", List.of("/steady")));
        send(SLUICE.runtime(0));
        Await.until(Duration.ofSeconds(5), "the status shows " + sent, () -> total() == sent);

        SLUICE.controlPlane(0).kill();
        sendToAll();

        Member restarted = SLUICE.runtime(0);
        assertThat(restarted.terminate()).as("exit code of an orderly stop").isEqualTo(0);
        restarted.start();
        restarted.awaitReady();
        sendToAll();

        Member killed = SLUICE.runtime(1);
        Await.until(Duration.ofSeconds(10), "counts are on disk", () -> spooled(killed) == 2 * EACH);
        killed.kill();
        killed.start();
        killed.awaitReady();
        sendToAll();

        SLUICE.controlPlane(0).start();
        SLUICE.controlPlane(0).awaitReady();
        Await.until(Duration.ofSeconds(10), "the status shows all " + sent, () -> total() == sent);
        SLUICE.api()
                .waiting(10)
                .post(VERSION + "/routes", Map.of("name", "later", "paths", List.of("/later")))
                .require(201);
        for (Member runtime : SLUICE.runtimes()) {
            assertThat(Http.get(runtime.address("/later")).statusCode()).isEqualTo(200);
            sent++;
        }
        Await.until(Duration.ofSeconds(5), "the status shows all " + sent, () -> total() == sent);
        assertThat(codes()).hasToString("{\"200\":" + sent + "}");
    }

    private void sendToAll() {
        SLUICE.runtimes().forEach(this::send);
    }

    private void send(Member runtime) {
        for (int i = 0; i < EACH; i++) {
            assertThat(Http.get(runtime.address("/steady")).statusCode())
                    .as(runtime.name())
                    .isEqualTo(200);
            sent++;
        }
    }

    /** How many requests the counts that a runtime keeps on disk add up to. */
    private static long spooled(Member runtime) throws IOException {
        Path spool = Path.of(runtime.spec().environment().get("SLUICE_DATA_DIR"), "spool");
        long sum = 0;
        try (Stream<Path> files = Files.list(spool)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".json")).toList()) {
                for (JsonNode count : ApiClient.JSON.readTree(file.toFile()).findValues("count")) {
                    sum += count.asLong();
                }
            }
        }
        return sum;
    }

    private static long total() {
        return status().path("total").asLong(-1);
    }

    private static JsonNode codes() {
        return status().path("codes");
    }

    private static JsonNode status() {
        return SLUICE.api().get(VERSION + "/status").require(200).body();
    }
}
