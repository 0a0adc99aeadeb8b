package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who joins by a token is served and counted; who has none, or whose certificate was revoked, is not. */
class JoinIT {
    private static final String RUNTIMES = "/v1/runtime-groups/default/runtimes";

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(2, 1);

    @Test
    void aSpentTokenOpensNothing() {
        String token = SLUICE.joinToken();
        Member first = SLUICE.addRuntime(token);
        first.awaitReady();

        Member second = SLUICE.addRuntime(token);

        Await.until(Duration.ofSeconds(30), "the refusal is told", () -> second.log(50)
                .contains("token"));
        assertThat(second.isReady()).isFalse();
        assertThat(SLUICE.directoryEntry(0, second).isMissingNode()).isTrue();
        assertThat(SLUICE.directoryEntry(0, first).path("state").asText()).isEqualTo("live");
    }

    @Test
    void aRevokedRuntimeIsHeardNoMoreOnEitherControlPlane() {
        SLUICE.declare("kept", "", Map.of("name", "kept", "paths", List.of("/kept")));
        Member revoked = SLUICE.addRuntime();
        Await.until(Duration.ofSeconds(5), "it is live", () -> state(revoked).equals("live"));
        String id = SLUICE.directoryEntry(0, revoked).path("id").asText();

        assertThat(SLUICE.api(1).delete(RUNTIMES + "/" + id).status()).isBetween(200, 204);

        SLUICE.api()
                .waiting(5)
                .post("/v1/services/kept/versions/v.1/routes", Map.of("name", "later", "paths", List.of("/later")))
                .require(201);
        long counted = total();
        assertThat(Http.get(revoked.address("/kept")).statusCode())
                .as("it serves what it has")
                .isEqualTo(200);
        assertThat(Http.get(revoked.address("/later")).statusCode())
                .as("it gets nothing new")
                .isEqualTo(404);
        assertThat(Http.get(SLUICE.runtime(0).address("/later")).statusCode()).isEqualTo(200);
        Await.until(Duration.ofSeconds(5), "the other runtime's request is counted", () -> total() > counted);
        assertThat(total()).as("the revoked runtime's are not").isEqualTo(counted + 1);
    }

    private static String state(Member runtime) {
        return SLUICE.directoryEntry(0, runtime).path("state").asText();
    }

    private static long total() {
        return SLUICE.api()
                .get("/v1/services/kept/versions/v.1/status?from=" + SLUICE.start())
                .require(200)
                .body()
                .path("total")
                .asLong();
    }
}
