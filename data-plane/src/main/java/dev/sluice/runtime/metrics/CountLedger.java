package dev.sluice.runtime.metrics;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was counted and what of it is acknowledged. Keeps cumulative counts per (boot, minute, route) until their minute
 * is closed and their final value acknowledged, and says which rows a report has to carry. The receiver keeps the
 * greatest value that it ever saw of each count: so reports may be lost, doubled, late or reordered, and nothing that was
 * acknowledged once may shrink.
 *
 * <p>Not for more than one thread at a time.
 */
public final class CountLedger {
    private static final int MOST_BOOTS = 50;

    private final UUID boot;
    private final int limit;
    private final Map<MinuteKey, Minute> minutes = new HashMap<>();
    /** Rows of which a receiver may not have the present value; those longest without a turn come first. */
    private final Set<CountRow> unacknowledged = new LinkedHashSet<>();

    private long firstOpenMinute = Long.MIN_VALUE;

    /**
     * @param boot this process's
     * @param limit number of unacknowledged rows from which on no new minute shall begin
     */
    public CountLedger(UUID boot, int limit) {
        this.boot = boot;
        this.limit = limit;
    }

    /** Adds what event loops handed over. Counts of a minute that is closed go to the first one that is not. */
    public void add(List<LoopCounts.Drained> drained) {
        for (LoopCounts.Drained more : drained) {
            MinuteKey key = new MinuteKey(boot, Math.max(more.minute(), firstOpenMinute));
            Minute minute = minute(key);
            CountRow row =
                    minute.rows.computeIfAbsent(new RouteKey(more.route()), route -> new CountRow(key, route.id()));
            row.add(more.codes(), more.latency());
            unacknowledged.add(row);
            minute.changes++;
        }
    }

    /** Takes over what an earlier boot left unacknowledged. */
    public void restore(BootCounts earlier) {
        if (earlier.boot().equals(boot)) {
            throw new IllegalArgumentException("Not an earlier boot: " + boot);
        }
        for (MinuteCounts counts : earlier.minutes()) {
            MinuteKey key = new MinuteKey(earlier.boot(), counts.minute());
            for (RouteCounts routeCounts : counts.routes()) {
                CountRow row = CountRow.ofEarlierBoot(key, routeCounts);
                if (!row.isAcknowledged()
                        && minute(key).rows.putIfAbsent(new RouteKey(routeCounts.route()), row) == null) {
                    unacknowledged.add(row);
                }
            }
        }
    }

    /** No event loop will count anything for an earlier minute than this any more. */
    public void closeBefore(long minute) {
        if (minute > firstOpenMinute) {
            firstOpenMinute = minute;
            for (MinuteKey key : List.copyOf(minutes.keySet())) {
                dropFinished(key);
            }
        }
    }

    /**
     * The rows for the next report, those first that waited longest; one route's at least, if there is any.
     *
     * @param maxRows most rows, one for each route and status code
     * @param maxBytes about how large the rows may be
     */
    public Batch batch(int maxRows, int maxBytes) {
        List<Mark> marks = new ArrayList<>();
        Map<MinuteKey, List<RouteCounts>> byMinute = new LinkedHashMap<>();
        Set<UUID> bootsIn = new HashSet<>();
        int rows = 0;
        int bytes = 0;
        for (CountRow row : unacknowledged) {
            rows += row.reportRows();
            bytes += row.reportSize();
            bootsIn.add(row.minute().boot());
            if (!marks.isEmpty() && (rows > maxRows || bytes > maxBytes || bootsIn.size() > MOST_BOOTS)) {
                break;
            }
            marks.add(new Mark(row, row.total()));
            byMinute.computeIfAbsent(row.minute(), key -> new ArrayList<>()).add(row.counts());
        }
        return new Batch(boots(byMinute), marks, marks.size() < unacknowledged.size());
    }

    /** The batch was committed by a control plane. What was counted since stays unacknowledged. */
    public void acknowledge(Batch batch) {
        for (Mark mark : batch.marks) {
            mark.row.acknowledge(mark.total);
            Minute minute = minutes.get(mark.row.minute());
            if (unacknowledged.remove(mark.row) && minute != null) {
                minute.changes++;
            }
            if (!mark.row.isAcknowledged()) {
                unacknowledged.add(mark.row); // at the end: every row gets its turn
            }
        }
        batch.marks.stream().map(mark -> mark.row.minute()).distinct().forEach(this::dropFinished);
    }

    /** How many rows wait to be acknowledged. */
    public int unacknowledgedRows() {
        return unacknowledged.size();
    }

    /** Whether so many rows wait that no new minute shall begin. */
    public boolean full() {
        return unacknowledged.size() >= limit;
    }

    /** The minutes that hold unacknowledged rows, each with a number that differs whenever those rows do. */
    public Map<MinuteKey, Long> unacknowledgedMinutes() {
        Map<MinuteKey, Long> stamps = new HashMap<>();
        for (CountRow row : unacknowledged) {
            Minute minute = minutes.get(row.minute());
            stamps.putIfAbsent(row.minute(), minute == null ? 0 : minute.changes);
        }
        return stamps;
    }

    /** The unacknowledged rows of a minute. */
    public BootCounts unacknowledged(MinuteKey key) {
        List<RouteCounts> rows = new ArrayList<>();
        Minute minute = minutes.get(key);
        if (minute != null) {
            minute.rows.values().stream().filter(row -> !row.isAcknowledged()).forEach(row -> rows.add(row.counts()));
        }
        return new BootCounts(key.boot(), List.of(new MinuteCounts(key.minute(), rows)));
    }

    private Minute minute(MinuteKey key) {
        return minutes.computeIfAbsent(key, added -> new Minute());
    }

    private void dropFinished(MinuteKey key) {
        Minute minute = minutes.get(key);
        boolean open = key.boot().equals(boot) && key.minute() >= firstOpenMinute;
        if (minute != null && !open) {
            minute.rows.values().removeIf(CountRow::isAcknowledged);
            minute.rows.values().forEach(CountRow::close);
            if (minute.rows.isEmpty()) {
                minutes.remove(key);
            }
        }
    }

    private static List<BootCounts> boots(Map<MinuteKey, List<RouteCounts>> byMinute) {
        Map<UUID, List<MinuteCounts>> byBoot = new LinkedHashMap<>();
        byMinute.forEach((key, rows) -> byBoot.computeIfAbsent(key.boot(), added -> new ArrayList<>())
                .add(new MinuteCounts(key.minute(), rows)));
        List<BootCounts> counts = new ArrayList<>();
        byBoot.forEach((id, list) -> counts.add(new BootCounts(id, list)));
        return counts;
    }

    /** Rows as a report carries them. */
    public static final class Batch {
        private final List<BootCounts> counts;
        private final List<Mark> marks;
        private final boolean more;

        private Batch(List<BootCounts> counts, List<Mark> marks, boolean more) {
            this.counts = List.copyOf(counts);
            this.marks = marks;
            this.more = more;
        }

        public List<BootCounts> counts() {
            return counts;
        }

        /** Whether rows were left for another report. */
        public boolean more() {
            return more;
        }
    }

    private record Mark(CountRow row, long total) {}

    private record RouteKey(@Nullable UUID id) {}

    private static final class Minute {
        private final Map<RouteKey, CountRow> rows = new HashMap<>();
        private long changes;
    }
}
