package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.fleet.FleetGate;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.fleet.RuntimeProgress;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Revision;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetWaitTest {
    private static final List<Head> HEADS = List.of(new Head(UUID.randomUUID(), "default", new Revision(1, 4)));

    private final List<Duration> waits = new ArrayList<>();

    @Test
    void withoutThePreferenceNobodyWaits() {
        Answer answer = answer("respond-async", Answer.noContent().wrote(HEADS), true);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(waits).isEmpty();
    }

    @Test
    void aReadNeverWaits() {
        assertThat(answer("wait=5", Answer.ok(ConfigJson.MAPPER.createObjectNode()), true)
                        .status())
                .isEqualTo(200);
        assertThat(waits).isEmpty();
    }

    @Test
    void theStatusStaysWhereAllServe() {
        ObjectNode body = ConfigJson.MAPPER.createObjectNode().put("id", "x");
        Answer answer = answer("wait=5", Answer.created(body, "/x").wrote(HEADS), true);
        assertThat(answer.status()).isEqualTo(201);
        JsonNode told = (JsonNode) Objects.requireNonNull(answer.body());
        assertThat(told.path("id").asText()).isEqualTo("x");
        assertThat(told.at("/runtimes/0/name").asText()).isEqualTo("r1");
        assertThat(told.at("/runtimes/0/serving").asBoolean()).isTrue();
        assertThat(answer.headers())
                .containsEntry("Preference-Applied", "wait=5")
                .containsEntry("Location", "/x");
        assertThat(waits).containsExactly(Duration.ofSeconds(5));
    }

    @Test
    void theStatusIs202WhereSomeDoNotServeInTime() {
        assertThat(answer("wait=0", Answer.noContent().wrote(HEADS), false).status())
                .isEqualTo(202);
        assertThat(answer("return=minimal; wait = \"7\"", Answer.noContent().wrote(HEADS), true)
                        .status())
                .isEqualTo(200);
        assertThat(waits).containsExactly(Duration.ZERO, Duration.ofSeconds(7));
    }

    @Test
    void aWriteThatIsStoredDoesNotFailBecauseTheFleetCannotBeAsked() {
        FleetGate broken = (heads, atMost) -> Future.failedFuture(new UnavailableException("down"));
        Answer answer = new FleetWait(broken)
                .after("wait=5", Answer.noContent().wrote(HEADS))
                .result();
        assertThat(answer.status()).isEqualTo(202);
    }

    private Answer answer(@Nullable String prefer, Answer answer, boolean serving) {
        FleetGate gate = (heads, atMost) -> {
            waits.add(atMost);
            return Future.succeededFuture(
                    List.of(new RuntimeProgress(UUID.randomUUID(), "r1", "default", "live", 4, serving)));
        };
        return new FleetWait(gate).after(prefer, answer).result();
    }
}
