package dev.sluice.runtime.balance;

import dev.sluice.model.config.Target;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Tells Prometheus how targets are: for each one a row for each state, 1 for the one that it is in. Of more than {@link
 * #MOST_TARGETS} the first by name are told, those that are not healthy before all others.
 */
public final class TargetHealthGauge implements Collector {
    static final int MOST_TARGETS = 1_000;

    private static final Comparator<Row> ORDER = Comparator.comparing((Row row) -> row.health() == TargetHealth.HEALTHY)
            .thenComparing(Row::upstream)
            .thenComparing(Row::target);

    private final Supplier<Collection<CompiledUpstream>> served;
    private final Supplier<Map<UUID, TargetHealth>> unhealthy;

    /**
     * Both are asked at each scrape, from any thread.
     *
     * @param unhealthy the targets that are not healthy, by their ids
     */
    public TargetHealthGauge(
            Supplier<Collection<CompiledUpstream>> served, Supplier<Map<UUID, TargetHealth>> unhealthy) {
        this.served = served;
        this.unhealthy = unhealthy;
    }

    private record Row(String upstream, String target, TargetHealth health) {}

    @Override
    public MetricSnapshot collect() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("sluice_upstream_target_health")
                .help("1 for the state that a target of an upstream is in, 0 for the others; of " + MOST_TARGETS
                        + " targets at most, those that are not healthy first");
        rows().stream().sorted(ORDER).limit(MOST_TARGETS).forEach(row -> {
            for (TargetHealth state : TargetHealth.values()) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "upstream",
                                row.upstream(),
                                "target",
                                row.target(),
                                "state",
                                state.name().toLowerCase(Locale.ROOT)))
                        .value(state == row.health() ? 1 : 0)
                        .build());
            }
        });
        return gauge.build();
    }

    private List<Row> rows() {
        Map<UUID, TargetHealth> exceptions = unhealthy.get();
        List<Row> rows = new ArrayList<>();
        for (CompiledUpstream upstream : served.get()) {
            for (Target target : upstream.targets()) {
                rows.add(new Row(
                        upstream.upstream().name(),
                        target.target(),
                        exceptions.getOrDefault(target.id(), TargetHealth.HEALTHY)));
            }
        }
        return rows;
    }
}
