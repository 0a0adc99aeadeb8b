package dev.sluice.control.status;

import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the record is asked for, and from which table it comes: seconds (by arrival, of the last hour) for steps
 * below a minute, minutes (of the last 25 hours), or hours, to which a range that begins earlier is rounded.
 *
 * @param from inclusive, at a border of the table's unit
 * @param to exclusive, likewise
 * @param step seconds of a point of the series
 */
record StatusQuery(Instant from, Instant to, int step, Set<By> by, Unit unit) {
    private static final Duration DEFAULT_RANGE = Duration.ofMinutes(5);
    private static final int DEFAULT_STEP = 60;
    private static final int MAX_POINTS = 2500;

    /** What the record can be divided by, besides time and status code. */
    enum By {
        ROUTE,
        RUNTIME,
        VERSION;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The table that answers. */
    enum Unit {
        SECOND(1, RolledTable.SECONDS),
        MINUTE(60, RolledTable.MINUTES),
        HOUR(3600, RolledTable.HOURS);

        private final int seconds;

        @SuppressWarnings("ImmutableEnumChecker") // a record of immutable values
        private final RolledTable table;

        Unit(int seconds, RolledTable table) {
            this.seconds = seconds;
            this.table = table;
        }

        int seconds() {
            return seconds;
        }

        RolledTable table() {
            return table;
        }
    }

    /**
     * Reads the parameters of a call; absent ones mean the last 5 minutes in steps of 60 seconds.
     *
     * @param now by the database's clock
     * @throws InvalidConfigurationException naming every parameter that is wrong
     */
    static StatusQuery of(
            @Nullable String from, @Nullable String to, @Nullable String step, @Nullable String by, Instant now) {
        List<Violation> wrong = new ArrayList<>();
        Instant end = to == null ? now : instant("to", to, wrong);
        Instant begin = from == null ? (end == null ? null : end.minus(DEFAULT_RANGE)) : instant("from", from, wrong);
        Integer seconds = step == null ? Integer.valueOf(DEFAULT_STEP) : seconds(step, wrong);
        Set<By> dividedBy = by == null ? Set.of() : by(by, wrong);
        if (begin != null && end != null && !begin.isBefore(end)) {
            wrong.add(new Violation("from", "range", "must lie before 'to'."));
        }
        if (!wrong.isEmpty() || begin == null || end == null || seconds == null) {
            throw new InvalidConfigurationException(wrong);
        }
        return placed(begin, end, seconds, dividedBy, now);
    }

    private static StatusQuery placed(Instant from, Instant to, int step, Set<By> by, Instant now) {
        Unit unit = unit(from, step, now);
        int rounded = ceil(step, unit.seconds());
        Instant begin = floor(from, unit.seconds());
        Instant end = floor(to.plusSeconds(unit.seconds()).minusNanos(1), unit.seconds());
        if (Duration.between(begin, end).toSeconds() / rounded > MAX_POINTS) {
            throw new InvalidConfigurationException(List.of(new Violation(
                    "step", "range", "makes more than " + MAX_POINTS + " points of this range; take a longer one.")));
        }
        return new StatusQuery(begin, end, rounded, by, unit);
    }

    private static Unit unit(Instant from, int step, Instant now) {
        if (step % 60 != 0) {
            if (from.isBefore(Unit.SECOND.table().oldestKept(now))) {
                throw new InvalidConfigurationException(List.of(new Violation(
                        "step", "range", "must be a multiple of 60 where 'from' is more than an hour ago.")));
            }
            return Unit.SECOND;
        }
        return from.isBefore(Unit.MINUTE.table().oldestKept(now)) ? Unit.HOUR : Unit.MINUTE;
    }

    /** Whether latency records of the whole range are still there. */
    boolean hasLatency() {
        return unit != Unit.HOUR;
    }

    /** The beginning of the point of the series in which a moment lies. */
    Instant point(Instant moment) {
        return floor(moment, step);
    }

    private static Instant floor(Instant moment, int seconds) {
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), (long) seconds) * seconds);
    }

    private static int ceil(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }

    private static @Nullable Instant instant(String field, String text, List<Violation> wrong) {
        try {
            Instant moment = OffsetDateTime.parse(text).toInstant();
            if (moment.getEpochSecond() > 0 && moment.isBefore(Instant.ofEpochSecond(1L << 36))) {
                return moment;
            }
        } catch (DateTimeException e) {
            wrong.add(new Violation(field, "invalid", "is no time such as 2026-01-31T12:00:00Z."));
            return null;
        }
        wrong.add(new Violation(field, "range", "lies outside of every record."));
        return null;
    }

    private static @Nullable Integer seconds(String text, List<Violation> wrong) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= 31 * 86_400) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            wrong.add(new Violation("step", "invalid", "is no number of seconds."));
            return null;
        }
        wrong.add(new Violation("step", "range", "must be 1 to " + 31 * 86_400 + " seconds."));
        return null;
    }

    /** Names by commas; {@code code} changes nothing, for everything is divided by status code. */
    private static Set<By> by(String text, List<Violation> wrong) {
        Set<By> dividedBy = EnumSet.noneOf(By.class);
        for (String name : text.split(",", -1)) {
            List<By> named = Arrays.stream(By.values())
                    .filter(by -> by.wireName().equals(name.strip()))
                    .toList();
            if (named.isEmpty() && !name.strip().equals("code")) {
                wrong.add(
                        new Violation("by", "invalid", "must be code, route, runtime, version, or several by commas."));
            }
            dividedBy.addAll(named);
        }
        return Set.copyOf(dividedBy);
    }
}
