package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.ReportAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database was restored and is behind its runtimes: an operator raises the epoch. */
class EpochTest {
    @RegisterExtension
    static final FleetHarness fleet = new FleetHarness();

    private final Head restored = at(5, fleet.group("restored-" + UUID.randomUUID()));
    private final Revision before = new Revision(1, 9);

    private static Head at(int revision, Head group) {
        Head head = group;
        for (int i = 0; i < revision; i++) {
            head = fleet.advance(head);
        }
        return head;
    }

    private String path() {
        return "/v1/runtime-groups/" + restored.group() + "/epoch";
    }

    private static ObjectNode body(HttpResponse<Buffer> response, int status) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return ConfigJson.object(response.body().getBytes());
    }

    private Head head(JsonNode raised) {
        return new Head(
                restored.groupId(),
                restored.group(),
                new Revision(
                        raised.path("epoch").asLong(), raised.path("revision").asLong()));
    }

    @Test
    void theHeadKeepsItsNumberAndComesAfterWhatRuntimesServe() {
        ReportingRuntime ahead = new ReportingRuntime("ahead", new Head(restored.groupId(), restored.group(), before));
        fleet.taken(ahead.report());
        long revisions = fleet.number("SELECT count(*) FROM revision WHERE group_id = $1", restored.groupId());
        long now = System.currentTimeMillis();

        ObjectNode raised = body(await(fleet.posting(path(), "wait=0")), 202);

        assertThat(raised.path("epoch").asLong()).isBetween(now - 60_000, now + 60_000);
        assertThat(raised.path("revision").asLong()).isEqualTo(5);
        assertThat(raised.path("digest").asText()).isEqualTo("a".repeat(64));
        assertThat(raised.at("/runtimes/0/serving").asBoolean(true)).isFalse();
        assertThat(fleet.number("SELECT count(*) FROM revision WHERE group_id = $1", restored.groupId()))
                .isEqualTo(revisions);
        JsonNode shown = fleet.json("/v1/runtime-groups/" + restored.group() + "/runtimes")
                .at("/data/0");
        assertThat(shown.path("in_sync").asBoolean(true)).isFalse();
        ReportAnswer answer = fleet.taken(ahead.report());
        assertThat(new Revision(answer.epoch(), answer.revision()))
                .isEqualTo(head(raised).revision());
    }

    @Test
    void theCallWaitsForRuntimesThatTakeTheNewEpoch() {
        ReportingRuntime runtime =
                new ReportingRuntime("obedient", new Head(restored.groupId(), restored.group(), before));
        fleet.taken(runtime.report());

        Future<HttpResponse<Buffer>> raising = fleet.posting(path(), "wait=30");
        fleet.until("the new epoch in the answer to a report", () -> {
            ReportAnswer answer = fleet.taken(runtime.report());
            runtime.serving(
                    new Head(restored.groupId(), restored.group(), new Revision(answer.epoch(), answer.revision())));
            return answer.epoch() > 1;
        });
        assertThat(raising.isComplete()).isFalse();
        fleet.taken(runtime.report());

        ObjectNode raised = body(await(raising), 200);
        assertThat(raised.at("/runtimes/0/name").asText()).isEqualTo("obedient");
        assertThat(raised.at("/runtimes/0/serving").asBoolean()).isTrue();
    }

    @Test
    void theEpochIsGreaterThanAnyThatIsKnown() {
        long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
        Head future = new Head(restored.groupId(), restored.group(), new Revision(tomorrow, 1));
        fleet.taken(new ReportingRuntime("of-tomorrow", future).report());

        ObjectNode first = body(await(fleet.posting(path(), "wait=0")), 202);
        ObjectNode second = body(await(fleet.posting(path(), "wait=0")), 202);

        assertThat(first.path("epoch").asLong()).isEqualTo(tomorrow + 1);
        assertThat(second.path("epoch").asLong()).isEqualTo(tomorrow + 2);
    }

    @Test
    void whatARuntimeCannotHaveServedDoesNotUseUpTheNumbers() {
        Head liar = new Head(restored.groupId(), restored.group(), new Revision(Long.MAX_VALUE, Long.MAX_VALUE));
        fleet.taken(new ReportingRuntime("liar", liar).report());

        ObjectNode raised = body(await(fleet.posting(path(), "wait=0")), 202);

        assertThat(raised.path("epoch").asLong()).isLessThan(System.currentTimeMillis() + 60_000);
    }

    @Test
    void aGroupThatIsNotThereIsSaidSo() {
        assertThat(await(fleet.posting("/v1/runtime-groups/nowhere/epoch", "wait=0"))
                        .statusCode())
                .isEqualTo(404);
    }
}
