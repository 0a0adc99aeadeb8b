package dev.sluice.runtime.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop counted since it was last drained. Owned by that event loop: both methods are called on it alone.
 */
public final class LoopCounts {
    private final MinuteClock clock;
    private Map<Row, Counts> rows = new HashMap<>();

    public LoopCounts(MinuteClock clock) {
        this.clock = clock;
    }

    /**
     * Counts a request that ended.
     *
     * @param route the route that it matched, or null for none
     * @param code status that the client was sent, or 499 when it went away
     * @param latencyMicros from the request's first byte read to the end of the answer, in microseconds
     */
    public void record(@Nullable UUID route, int code, long latencyMicros) {
        rows.computeIfAbsent(new Row(clock.minute(), route), row -> new Counts())
                .add(code, latencyMicros);
    }

    /** Hands over everything counted since the last call and begins anew. */
    public List<Drained> drain() {
        Map<Row, Counts> taken = rows;
        rows = new HashMap<>();
        List<Drained> drained = new ArrayList<>(taken.size());
        taken.forEach((row, counts) -> drained.add(new Drained(row.minute, row.route, counts.codes, counts.latency)));
        return drained;
    }

    /**
     * Counts of a route in a minute, handed over: the receiver owns the map and the histogram.
     *
     * @param latency in microseconds
     */
    public record Drained(long minute, @Nullable UUID route, Map<Integer, Long> codes, Histogram latency) {}

    private record Row(long minute, @Nullable UUID route) {}

    private static final class Counts {
        private final Map<Integer, Long> codes = new HashMap<>();
        private final Histogram latency = new Histogram(LatencyScale.DIGITS);

        void add(int code, long micros) {
            codes.merge(code, 1L, Long::sum);
            latency.recordValue(Math.min(Math.max(micros, 1), LatencyScale.HIGHEST_MICROS));
        }
    }
}
