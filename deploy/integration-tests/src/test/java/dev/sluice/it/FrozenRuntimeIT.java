package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A runtime that stands still is seen to, and catches up by itself. */
class FrozenRuntimeIT {
    private static final Duration FROZEN = Duration.ofSeconds(25);

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void aFrozenRuntimeShowsStaleAndIsAtTheHeadSoonAfterItThaws() throws Exception {
        SLUICE.declare("frozen", "", Map.of("name", "before", "paths", List.of("/before")));
        Member frozen = SLUICE.runtime(1);
        Await.until(Duration.ofSeconds(5), "it shows live", () -> state(frozen).equals("live"));

        frozen.process().freeze();
        long frozenAt = System.nanoTime();
        Await.until(Duration.ofSeconds(5), "it shows stale", () -> state(frozen).equals("stale"));
        ApiClient.Answer written = SLUICE.api()
                .waiting(1)
                .post(
                        "/v1/services/frozen/versions/v.1/routes",
                        Map.of("name", "meanwhile", "paths", List.of("/meanwhile")))
                .require(202);
        assertThat(written.body().path("runtimes")).as("who serves it").allSatisfy(entry -> assertThat(
                        entry.path("serving").asBoolean())
                .isEqualTo(!entry.path("name").asText().equals(frozen.name())));
        Duration left = FROZEN.minusNanos(System.nanoTime() - frozenAt);
        Await.holds(
                left,
                "the other runtime serves it",
                () -> Http.isOk(SLUICE.runtime(0).address("/meanwhile")));
        frozen.process().thaw();

        Await.until(Duration.ofSeconds(5), "it serves the head", () -> Http.isOk(frozen.address("/meanwhile")));
        Await.until(
                Duration.ofSeconds(5),
                "it shows live and in sync",
                () -> state(frozen).equals("live")
                        && SLUICE.directoryEntry(0, frozen).path("in_sync").asBoolean());
    }

    private static String state(Member runtime) {
        return SLUICE.directoryEntry(0, runtime).path("state").asText();
    }
}
