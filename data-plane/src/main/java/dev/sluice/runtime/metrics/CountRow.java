package dev.sluice.runtime.metrics;

import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.RouteCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The cumulative counts of a route in a minute of a boot, and how much of them is acknowledged. Only ever grows. */
final class CountRow {
    private static final int BYTES_A_ROW = 100;
    private static final int BYTES_A_CODE = 40;

    private final MinuteKey minute;
    private final @Nullable UUID route;
    private final Map<Integer, Long> codes = new TreeMap<>();
    private @Nullable Histogram latency;
    private @Nullable String encoded;
    private long total;
    private long acknowledged;

    CountRow(MinuteKey minute, @Nullable UUID route) {
        this.minute = minute;
        this.route = route;
    }

    /** A row that an earlier boot left behind; nothing is ever added to it. */
    static CountRow ofEarlierBoot(MinuteKey minute, RouteCounts counts) {
        CountRow row = new CountRow(minute, counts.route());
        counts.codes().forEach(code -> row.count(code.code(), code.count()));
        row.encoded = counts.latency();
        return row;
    }

    void add(Map<Integer, Long> more, Histogram moreLatency) {
        more.forEach(this::count);
        if (latency == null) {
            latency = moreLatency;
        } else {
            latency.add(moreLatency);
        }
        encoded = null;
    }

    /** The minute is over: from now on the latency is kept in its compact form alone. */
    void close() {
        encoded = encodedLatency();
        latency = null;
    }

    /** As it is now. */
    RouteCounts counts() {
        List<CodeCount> list = new ArrayList<>(codes.size());
        codes.forEach((code, count) -> list.add(new CodeCount(code, count)));
        return new RouteCounts(route, list, encodedLatency());
    }

    /** How many rows it takes in a report: one for each status code. */
    int reportRows() {
        return codes.size();
    }

    /** About how many bytes it takes in a report. */
    int reportSize() {
        String text = encodedLatency();
        return BYTES_A_ROW + BYTES_A_CODE * codes.size() + (text == null ? 0 : text.length());
    }

    MinuteKey minute() {
        return minute;
    }

    long total() {
        return total;
    }

    void acknowledge(long upTo) {
        acknowledged = Math.max(acknowledged, upTo);
    }

    boolean isAcknowledged() {
        return acknowledged == total;
    }

    private void count(int code, long more) {
        codes.merge(code, more, Long::sum);
        total += more;
    }

    private @Nullable String encodedLatency() {
        if (encoded == null && latency != null) {
            Histogram bounded = withinScale(latency);
            ByteBuffer buffer = ByteBuffer.allocate(bounded.getNeededByteBufferCapacity());
            int length = bounded.encodeIntoCompressedByteBuffer(buffer);
            encoded = Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
        }
        return encoded;
    }

    /** A histogram that grew by itself may declare a range beyond the scale, which no receiver takes. */
    private static Histogram withinScale(Histogram latency) {
        if (latency.getHighestTrackableValue() <= LatencyScale.HIGHEST_MICROS) {
            return latency;
        }
        Histogram bounded = new Histogram(LatencyScale.HIGHEST_MICROS, LatencyScale.DIGITS);
        bounded.add(latency);
        return bounded;
    }
}
