package dev.sluice.control.status;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Percentiles in milliseconds. */
record Latency(double p50, double p90, double p99) {
    /** Of all these records together; null where they hold no request. Takes time in proportion to their number. */
    static @Nullable Latency merged(List<Buffer> histograms) {
        Histogram all = new Histogram(LatencyHistograms.HIGHEST_MICROS, LatencyHistograms.MAX_DIGITS);
        histograms.forEach(bytes -> all.add(LatencyHistograms.decode(bytes.getBytes())));
        return all.getTotalCount() == 0 ? null : new Latency(millis(all, 50), millis(all, 90), millis(all, 99));
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1000.0;
    }
}
