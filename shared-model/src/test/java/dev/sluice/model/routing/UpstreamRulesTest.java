package dev.sluice.model.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamRulesTest {
    private static final UUID ID = UUID.fromString("0b9e0a6e-3c8c-4d0e-8f0a-000000000001");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name': 'a.upstream'} |",
                "{'name': '10.0.0.1'} | name",
                "{'name': 'a:80'} | name",
                "{'name': 'a', 'slots': 9} | slots",
                "{'name': 'a', 'hash_fallback': 'ip'} | hash_fallback",
                "{'name': 'a', 'hash_on': 'cookie', 'hash_on_cookie': 'c', 'hash_fallback': 'ip'} | hash_fallback",
                "{'name': 'a', 'hash_on': 'ip', 'hash_fallback': 'ip'} | hash_fallback",
                "{'name': 'a', 'hash_on': 'header'} | hash_on_header",
                "{'name': 'a', 'hash_on': 'header', 'hash_on_header': 'x y'} | hash_on_header",
                "{'name': 'a', 'hash_on': 'header', 'hash_on_header': 'X', 'hash_fallback': 'header',"
                        + " 'hash_fallback_header': 'x'} | hash_fallback_header",
                "{'name': 'a', 'hash_on': 'uri_capture', 'hash_on_uri_capture': '1x'} | hash_on_uri_capture",
                "{'name': 'a', 'hash_on_cookie_path': '/a;b'} | hash_on_cookie_path",
                "{'name': 'a', 'host_header': 'b:99999'} | host_header",
                "{'name': 'a', 'slow_start': -1} | slow_start",
                "{'name': 'a', 'max_requests': 0} | max_requests",
                "{'name': 'a', 'healthchecks': {'threshold': 101}} | healthchecks.threshold",
                "{'name': 'a', 'healthchecks': {'passive': {'unhealthy': {'timeouts': 256}}}}"
                        + " | healthchecks.passive.unhealthy.timeouts",
                "{'name': 'a', 'healthchecks': {'active': {'timeout': 0, 'healthy': {'interval': 1}}}}"
                        + " | healthchecks.active.timeout",
                "{'name': 'a', 'healthchecks': {'active': {'headers': {'Content-Length': ['1']}}}}"
                        + " | healthchecks.active.headers.Content-Length",
                "{'name': 'a', 'healthchecks': {'active': {'unhealthy': {'http_statuses': [99]}}}}"
                        + " | healthchecks.active.unhealthy.http_statuses[0]",
            })
    void eachRuleNamesItsField(String json, String field) {
        Upstream upstream = ConfigJson.read(Upstream.class, upstream(json));
        List<String> fields =
                UpstreamRules.check(upstream).stream().map(Violation::field).toList();
        assertThat(fields).isEqualTo(field == null ? List.of() : List.of(field));
    }

    @ParameterizedTest(name = "weight {0}: {1}")
    @CsvSource({"0, true", "65535, true", "-1, false", "65536, false"})
    void aTargetsWeightIsFrom0To65535(int weight, boolean served) {
        ObjectNode json = target("a.test:1").put("weight", weight);
        Target target =
                ConfigJson.read(Target.class, json.put("id", ID.toString()).put("created_at", "2026-01-01T00:00:00Z"));
        assertThat(TargetRules.check(target))
                .extracting(Violation::field)
                .isEqualTo(served ? List.of() : List.of("weight"));
    }

    @Test
    void anImplementationIsServedByTheUpstreamThatItsHostNames() {
        UUID version = UUID.randomUUID();
        RouteTable table = RouteTable.compile(snapshot(
                entity("upstream", ID, upstream("{'name': 'a.upstream'}")),
                entity("target", UUID.randomUUID(), target("b.test:2")),
                entity("target", UUID.randomUUID(), target("a.test:1")),
                entity(
                        "implementation",
                        UUID.randomUUID(),
                        json("{'protocol': 'http', 'host': 'a.upstream', 'port': 80}")
                                .put("version_id", version.toString())),
                entity("route", UUID.randomUUID(), json("{'paths': ['/']}").put("version_id", version.toString()))));
        UpstreamPlan plan = Objects.requireNonNull(table.routes().get(0).upstream());
        assertThat(plan).isEqualTo(table.upstreams().get(0));
        assertThat(plan.targets()).extracting(target -> target.target()).containsExactly("a.test:1", "b.test:2");
    }

    @Test
    void targetsHaveAnUpstreamAndDifferWithinIt() {
        Snapshot snapshot = snapshot(
                entity("target", UUID.randomUUID(), target("A.test:1")),
                entity("target", UUID.randomUUID(), target("a.test:1")),
                entity("target", UUID.randomUUID(), target("a.test:1")));
        assertThat(catchThrowableOfType(InvalidConfigurationException.class, () -> RouteTable.compile(snapshot))
                        .violations())
                .extracting(Violation::code)
                .containsExactlyInAnyOrder("not_normalised", "conflict", "not_found", "not_found");
    }

    private static Snapshot snapshot(Entity... entities) {
        return Snapshot.of("g", new Revision(1, 1), List.of(entities));
    }

    private static Entity entity(String kind, UUID id, ObjectNode json) {
        byte[] bytes = json.put("id", id.toString())
                .put("created_at", "2026-01-01T00:00:00Z")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return Entity.of(kind, id, bytes);
    }

    private static ObjectNode upstream(String json) {
        return json(json).put("id", ID.toString()).put("created_at", "2026-01-01T00:00:00Z");
    }

    private static ObjectNode target(String address) {
        return json("{}").put("target", address).put("upstream_id", ID.toString());
    }

    private static ObjectNode json(String json) {
        return ConfigJson.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
