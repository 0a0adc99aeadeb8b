package dev.sluice.control.status;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table whose rows go by age: partitioned by range of time, its partitions begin at multiples of their width since
 * the epoch.
 *
 * @param timeColumn what it is partitioned by
 * @param width of a partition; a multiple of an hour
 * @param keep how long rows stay at least
 * @param ahead how many partitions are made before they are needed
 */
record RolledTable(String name, String timeColumn, Duration width, Duration keep, int ahead) {
    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC);

    static final RolledTable MINUTES =
            new RolledTable("status_minute", "minute", Duration.ofDays(1), Duration.ofHours(25), 2);
    static final RolledTable SECONDS =
            new RolledTable("status_second", "at", Duration.ofHours(1), Duration.ofHours(1), 3);
    static final RolledTable HOURS = new RolledTable("status_hour", "hour", Duration.ofDays(7), Duration.ofDays(90), 1);
    static final RolledTable LATENCIES =
            new RolledTable("latency_minute", "minute", Duration.ofDays(1), Duration.ofHours(25), 2);

    static final List<RolledTable> ALL = List.of(MINUTES, SECONDS, HOURS, LATENCIES);

    /** The partition that holds a moment. */
    Partition partitionAt(Instant moment) {
        long seconds = width.toSeconds();
        Instant from = Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
        return new Partition(name + "_" + SUFFIX.format(from), from, from.plus(width));
    }

    /** The partitions that must be there at a moment: its own and those ahead. */
    List<Partition> wantedAt(Instant now) {
        return IntStream.rangeClosed(0, ahead)
                .mapToObj(i -> partitionAt(now.plus(width.multipliedBy(i))))
                .toList();
    }

    String defaultPartition() {
        return name + "_default";
    }

    /** Rows of before this moment may go. */
    Instant oldestKept(Instant now) {
        return now.minus(keep);
    }

    /** Half-open: {@code from} belongs to it, {@code to} does not. */
    record Partition(String name, Instant from, Instant to) {}
}
