package dev.sluice.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Health is kept per runtime, and shown as each runtime's last report has it. */
class TargetHealthTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    private Head head() {
        Reply group = api.get("/v1/runtime-groups/default").expect(200);
        return new Head(
                UUID.fromString(group.text("/id")),
                "default",
                new Revision(
                        group.body().at("/head/epoch").asLong(),
                        group.body().at("/head/revision").asLong()));
    }

    private void reports(ReportingRuntime runtime) {
        UUID group = head().groupId();
        boolean inserted = controlPlane
                .database()
                .transaction(connection -> new DirectoryStore().insert(connection, group, runtime.report()))
                .await();
        assertThat(inserted).isTrue();
    }

    private JsonNode health(String upstream) {
        return api.get("/v1/upstreams/" + upstream + "/health")
                .expect(200)
                .body()
                .path("data");
    }

    private static String state(JsonNode target, String runtime) {
        for (JsonNode one : target.path("runtimes")) {
            if (one.path("name").asText().equals(runtime)) {
                return one.path("state").asText();
            }
        }
        return "not there";
    }

    @Test
    void eachRuntimeSaysHowItFindsEachTarget() {
        api.put("/v1/upstreams/a.upstream", "{'healthchecks': {'passive': {'unhealthy': {'tcp_failures': 1}}}}")
                .expect(201);
        Reply first = api.post("/v1/upstreams/a.upstream/targets", "{'target': '127.0.0.1:1'}")
                .expect(201);
        api.post("/v1/upstreams/a.upstream/targets", "{'target': '127.0.0.1:2', 'weight': 7}")
                .expect(201);
        Head served = head();
        reports(new ReportingRuntime("well", served).finding(List.of()));
        reports(new ReportingRuntime("ill", served)
                .finding(List.of(new TargetState(UUID.fromString(first.text("/id")), "unhealthy"))));
        reports(new ReportingRuntime("old", served));
        api.post("/v1/upstreams/a.upstream/targets", "{'target': '127.0.0.1:3'}")
                .expect(201);

        JsonNode targets = health("a.upstream");

        assertThat(targets).hasSize(3);
        assertThat(targets.path(0).path("target").asText()).isEqualTo("127.0.0.1:1");
        assertThat(targets.path(1).path("weight").asInt()).isEqualTo(7);
        assertThat(state(targets.path(0), "well")).isEqualTo("healthy");
        assertThat(state(targets.path(0), "ill")).isEqualTo("unhealthy");
        assertThat(state(targets.path(1), "ill")).isEqualTo("healthy");
        assertThat(state(targets.path(1), "old")).isEqualTo("unknown");
        assertThat(state(targets.path(2), "well")).as("not served yet").isEqualTo("unknown");
        assertThat(api.get("/v1/upstreams/a.upstream/health?size=2").expect(200).text("/next"))
                .isNotEmpty();
    }

    @Test
    void ofTargetsThatAFullReportDoesNotNameNothingIsKnown() {
        api.put("/v1/upstreams/c.upstream", "{'healthchecks': {'passive': {'unhealthy': {'tcp_failures': 1}}}}")
                .expect(201);
        Reply named = api.post("/v1/upstreams/c.upstream/targets", "{'target': '127.0.0.1:1'}")
                .expect(201);
        api.post("/v1/upstreams/c.upstream/targets", "{'target': '127.0.0.1:2'}")
                .expect(201);
        List<TargetState> most = new ArrayList<>();
        most.add(new TargetState(UUID.fromString(named.text("/id")), "unhealthy"));
        while (most.size() < Report.MAX_TARGETS) {
            most.add(new TargetState(UUID.randomUUID(), "unhealthy"));
        }
        Head served = head();
        reports(new ReportingRuntime("full", served).finding(most));
        reports(new ReportingRuntime("not full", served).finding(most.subList(0, Report.MAX_TARGETS - 1)));

        JsonNode targets = health("c.upstream");

        assertThat(state(targets.path(0), "full")).isEqualTo("unhealthy");
        assertThat(state(targets.path(1), "full")).isEqualTo("unknown");
        assertThat(state(targets.path(1), "not full")).isEqualTo("healthy");
    }

    @Test
    void whereNothingIsCheckedItSaysSo() {
        api.put("/v1/upstreams/b.upstream", "{}").expect(201);
        api.post("/v1/upstreams/b.upstream/targets", "{'target': '127.0.0.1:1'}")
                .expect(201);
        reports(new ReportingRuntime("new", head()).finding(List.of()));

        assertThat(state(health("b.upstream").path(0), "new")).isEqualTo("healthchecks_off");
    }
}
