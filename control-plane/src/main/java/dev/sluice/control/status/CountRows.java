package dev.sluice.control.status;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The counts of a valid report as columns, the form in which one statement takes them all.
 *
 * @param counts cumulative numbers above 0, by boot, minute, route and code
 * @param latencies records with at least one request, by boot, minute and route
 */
public record CountRows(List<CountRow> counts, List<LatencyRow> latencies) {
    /** @param minute minutes since the epoch */
    record CountRow(UUID boot, long minute, UUID route, int code, long n) {}

    /** @param minute minutes since the epoch */
    record LatencyRow(UUID boot, long minute, UUID route, long total, Buffer histogram) {}

    public CountRows {
        counts = List.copyOf(counts);
        latencies = List.copyOf(latencies);
    }

    /** Decodes latency records; a matter for a worker thread. */
    public static CountRows of(List<BootCounts> boots) {
        List<CountRow> counts = new ArrayList<>();
        List<LatencyRow> latencies = new ArrayList<>();
        for (BootCounts boot : boots) {
            for (MinuteCounts minute : boot.minutes()) {
                for (RouteCounts route : minute.routes()) {
                    take(boot.boot(), minute.minute(), route, counts, latencies);
                }
            }
        }
        return new CountRows(counts, latencies);
    }

    private static void take(
            UUID boot, long minute, RouteCounts row, List<CountRow> counts, List<LatencyRow> latencies) {
        UUID route = row.route() == null ? RouteIds.NONE : row.route();
        for (CodeCount code : row.codes()) {
            if (code.count() > 0) {
                counts.add(new CountRow(boot, minute, route, code.code(), code.count()));
            }
        }
        if (row.latency() != null) {
            LatencyHistograms.Checked latency = LatencyHistograms.check(row.latency());
            if (latency.total() > 0) {
                latencies.add(new LatencyRow(boot, minute, route, latency.total(), latency.bytes()));
            }
        }
    }
}
