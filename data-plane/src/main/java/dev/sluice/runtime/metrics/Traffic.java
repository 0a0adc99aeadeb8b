package dev.sluice.runtime.metrics;

import dev.sluice.model.routing.CompiledRoute;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * Requests and latency by route and status code for Prometheus, out of the same drained counts that reports carry. Routes
 * beyond a bound share one label, so that neither memory nor the answer grows without end.
 */
public final class Traffic implements MultiCollector {
    private static final String NO_ROUTE = "none";
    private static final String OTHER_ROUTES = "other";
    private static final int MOST_ROUTES = 2_000;
    /** Upper bounds in seconds. */
    private static final double[] BOUNDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, Double.POSITIVE_INFINITY
    };

    private final Map<String, Series> byRoute = new HashMap<>();
    private volatile Map<UUID, String> names = Map.of();

    /** The labels of routes from now on; a route without a name, or not served any more, is labelled with its id. */
    public void nameRoutes(List<CompiledRoute> routes) {
        Map<UUID, String> labels = new HashMap<>();
        for (CompiledRoute compiled : routes) {
            String name = compiled.route().name();
            if (name != null) {
                labels.put(compiled.route().id(), name);
            }
        }
        names = labels;
    }

    public synchronized void add(List<LoopCounts.Drained> drained) {
        for (LoopCounts.Drained more : drained) {
            String label = label(more.route());
            if (!byRoute.containsKey(label) && byRoute.size() >= MOST_ROUTES) {
                label = OTHER_ROUTES;
            }
            byRoute.computeIfAbsent(label, added -> new Series()).add(more);
        }
    }

    @Override
    public synchronized MetricSnapshots collect() {
        CounterSnapshot.Builder requests = CounterSnapshot.builder()
                .name("sluice_requests")
                .help("Requests that ended, by route and the status that the client was sent");
        HistogramSnapshot.Builder latency = HistogramSnapshot.builder()
                .name("sluice_request_duration_seconds")
                .help("From the first byte of a request to the end of its answer")
                .unit(Unit.SECONDS);
        byRoute.forEach((route, series) -> {
            series.codes.forEach((code, count) -> requests.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(Labels.of("route", route, "code", String.valueOf(code)))
                    .value(count)
                    .build()));
            latency.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("route", route))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, series.buckets))
                    .sum(series.seconds)
                    .build());
        });
        return MetricSnapshots.of(requests.build(), latency.build());
    }

    private String label(@Nullable UUID route) {
        return route == null ? NO_ROUTE : names.getOrDefault(route, route.toString());
    }

    private static final class Series {
        private final Map<Integer, Long> codes = new TreeMap<>();
        private final Number[] buckets = new Number[BOUNDS.length];
        private double seconds;

        Series() {
            Arrays.fill(buckets, 0L);
        }

        void add(LoopCounts.Drained more) {
            more.codes().forEach((code, count) -> codes.merge(code, count, Long::sum));
            addLatency(more.latency());
        }

        private void addLatency(Histogram latency) {
            for (HistogramIterationValue value : latency.recordedValues()) {
                double at = latency.medianEquivalentValue(value.getValueIteratedTo()) / 1e6;
                long count = value.getCountAtValueIteratedTo();
                int bucket = 0;
                while (at > BOUNDS[bucket]) {
                    bucket++;
                }
                buckets[bucket] = buckets[bucket].longValue() + count;
                seconds += at * count;
            }
        }
    }
}
