package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TargetHealthGaugeTest {
    private static final UUID UPSTREAM = new UUID(1, 1);

    private final Map<UUID, TargetHealth> unhealthy = new HashMap<>();

    @Test
    void eachTargetIsInOneState() {
        unhealthy.put(id(1), TargetHealth.DNS_ERROR);
        assertThat(told(2))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "a.upstream t0000:80 healthy", 1.0,
                        "a.upstream t0000:80 unhealthy", 0.0,
                        "a.upstream t0000:80 dns_error", 0.0,
                        "a.upstream t0001:80 healthy", 0.0,
                        "a.upstream t0001:80 unhealthy", 0.0,
                        "a.upstream t0001:80 dns_error", 1.0));
    }

    @Test
    void ofTooManyThoseThatAreNotHealthyAreToldFirst() {
        int last = TargetHealthGauge.MOST_TARGETS;
        unhealthy.put(id(last), TargetHealth.UNHEALTHY);
        assertThat(told(last + 1))
                .hasSize(3 * TargetHealthGauge.MOST_TARGETS)
                .containsEntry("a.upstream t%04d:80 unhealthy".formatted(last), 1.0)
                .containsEntry("a.upstream t%04d:80 healthy".formatted(last - 2), 1.0)
                .doesNotContainKey("a.upstream t%04d:80 healthy".formatted(last - 1));
    }

    @Test
    void beforeAnythingIsServedThereIsNothingToTell() {
        TargetHealthGauge gauge = new TargetHealthGauge(List::of, Map::of);
        assertThat(((GaugeSnapshot) gauge.collect()).getDataPoints()).isEmpty();
    }

    private Map<String, Double> told(int targets) {
        Collection<CompiledUpstream> served = served(targets);
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new TargetHealthGauge(() -> served, () -> unhealthy));
        MetricSnapshots scraped = registry.scrape();
        GaugeSnapshot gauge = (GaugeSnapshot) scraped.stream().findFirst().orElseThrow();
        assertThat(gauge.getMetadata().getName()).isEqualTo("sluice_upstream_target_health");
        Map<String, Double> told = new TreeMap<>();
        gauge.getDataPoints()
                .forEach(point -> told.put(
                        point.getLabels().get("upstream") + " "
                                + point.getLabels().get("target") + " "
                                + point.getLabels().get("state"),
                        point.getValue()));
        return told;
    }

    private static UUID id(int target) {
        return new UUID(2, target);
    }

    private static Collection<CompiledUpstream> served(int targets) {
        List<Entity> entities = new ArrayList<>();
        entities.add(entity(EntityKinds.UPSTREAM, UPSTREAM, """
                {"id":"%s","created_at":"2026-01-01T00:00:00Z","name":"a.upstream"}""".formatted(UPSTREAM)));
        for (int i = 0; i < targets; i++) {
            String json = """
                    {"id":"%s","upstream_id":"%s","created_at":"2026-01-01T00:00:00Z","target":"t%04d:80"}""";
            entities.add(entity(EntityKinds.TARGET, id(i), json.formatted(id(i), UPSTREAM, i)));
        }
        RouteTable table = RouteTable.compile(Snapshot.of("default", new Revision(1, 1), entities));
        return CompiledUpstream.compile(table, Map.of(), Map.of()).values();
    }

    private static Entity entity(String kind, UUID id, String json) {
        return Entity.of(kind, id, json.getBytes(StandardCharsets.UTF_8));
    }
}
