package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The founding walk-through over REST: a service, a version, an implementation with its route, traffic, the record. */
class WalkthroughIT {
    private static final String VERSION = "/v1/services/example_service/versions/v.1";
    private static final int REQUESTS_PER_RUNTIME = 7;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void aServiceIsDeclaredServedAndRecorded() {
        SLUICE.api()
                .post("/v1/services", Map.of("name", "example_service", "version", "v.1"))
                .require(201);

        JsonNode created = SLUICE.api()
                .waiting(5)
                .post(
                        VERSION + "/implementation",
                        Map.of(
                                "url",
                                SLUICE.echo().address().toString(),
                                "route",
                                Map.of("name", "mockbin", "paths", List.of("/mock"))))
                .require(201)
                .body();
        assertThat(created.path("runtimes")).hasSize(2).allSatisfy(runtime -> assertThat(
                        runtime.path("serving").asBoolean())
                .as("%s serves", runtime)
                .isTrue());

        for (Member runtime : SLUICE.runtimes()) {
            for (int i = 0; i < REQUESTS_PER_RUNTIME; i++) {
                HttpResponse<String> page = Http.get(runtime.address("/mock"));
                assertThat(page.statusCode())
                        .as("%s: %s", runtime.name(), page.body())
                        .isEqualTo(200);
                assertThat(page.body()).contains("<h1>Echo</h1>");
            }
        }

        int sent = 2 * REQUESTS_PER_RUNTIME;
        Await.until(Duration.ofSeconds(2), "the status shows " + sent + " requests", () -> total() == sent);
        JsonNode codes =
                SLUICE.api().get(VERSION + "/status").require(200).body().path("codes");
        assertThat(codes).isEqualTo(ApiClient.JSON.valueToTree(Map.of("200", sent)));
        assertThat(total()).isEqualTo(sent);
    }

    private static long total() {
        return SLUICE.api()
                .get(VERSION + "/status")
                .require(200)
                .body()
                .path("total")
                .asLong(-1);
    }
}
