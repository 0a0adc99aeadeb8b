package dev.sluice.control.publish;

import dev.sluice.control.status.LatencyHistograms;
import dev.sluice.control.status.Retention;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.Report.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a report must be like before anything is done with it. A report is hostile input: that it reads as one says no
 * more than that no part is missing, and no field is believed to be of decent size.
 *
 * <p>A runtime repeats what is refused, and keeps it over restarts: so what it may have counted in good faith, though
 * nobody can record it, is passed over row by row, and the rest of the report taken.
 */
final class ReportRules {
    static final int MAX_BOOTS = 64;
    static final int MAX_ROWS = 20_000;
    static final long MAX_COUNT = 1_000_000_000_000L;
    static final Duration AHEAD = Duration.ofDays(1);
    private static final int MAX_VIOLATIONS = 50;
    private static final int MAX_NAME = 255;
    private static final long MAX_EPOCH_MILLIS = 253_402_300_799_999L; // end of the year 9999
    private static final UUID NIL = new UUID(0, 0);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern TARGET_STATE = Pattern.compile("[a-z_]{1,40}");
    private static final Set<String> SOURCES = Set.of("control_plane", "disk", "seed", "none");

    private final long firstMinute;
    private final long lastMinute;
    private final List<Violation> violations = new ArrayList<>();
    private int rows;
    private boolean tooManyRows;
    private int passedOver;
    private @Nullable Violation firstPassedOver;

    private ReportRules(Instant now) {
        this.firstMinute = now.minus(Retention.ACCEPTED).getEpochSecond() / 60 + 1;
        this.lastMinute = now.plus(AHEAD).getEpochSecond() / 60;
    }

    /**
     * What is to become of a report.
     *
     * @param violations everything for which the whole of it is refused, the first 50 at most
     * @param counts what can be recorded of its counts; of no use when there are violations
     * @param passedOver number of rows that cannot be recorded
     * @param firstPassedOver what is wrong with the first of them
     */
    record Verdict(
            List<Violation> violations,
            List<BootCounts> counts,
            int passedOver,
            @Nullable Violation firstPassedOver) {}

    /**
     * Judges a report. Decodes latency records, which takes its time.
     *
     * @param now the control plane's clock
     */
    static Verdict judge(Report report, Instant now) {
        ReportRules rules = new ReportRules(now);
        rules.identity(report.runtime());
        rules.within("sequence", report.sequence(), 1, Long.MAX_VALUE);
        rules.state(report.state());
        List<BootCounts> counts = rules.boots(report.counts());
        return new Verdict(rules.violations, counts, rules.passedOver, rules.firstPassedOver);
    }

    private void identity(RuntimeIdentity runtime) {
        text("runtime.group", runtime.group());
        text("runtime.name", runtime.name());
        text("runtime.host", runtime.host());
        text("runtime.version", runtime.version());
        within("runtime.started_at", runtime.startedAt(), 0, MAX_EPOCH_MILLIS);
        if (runtime.boot().equals(NIL)) {
            wrong("runtime.boot", "invalid", "is the nil UUID.");
        }
    }

    private void state(RuntimeState state) {
        within("state.epoch", state.epoch(), 0, Long.MAX_VALUE);
        within("state.revision", state.revision(), 0, Long.MAX_VALUE);
        if (!SOURCES.contains(state.source())) {
            wrong("state.source", "invalid", "is none of control_plane, disk, seed, none.");
        }
        boolean servesNothing = state.source().equals("none") && state.digest().isEmpty();
        if (!servesNothing && !DIGEST.matcher(state.digest()).matches()) {
            wrong("state.digest", "pattern", "is no SHA-256 in lower-case hexadecimal.");
        }
        within("state.memory_used", state.memoryUsed(), 0, Long.MAX_VALUE);
        within("state.memory_max", state.memoryMax(), 0, Long.MAX_VALUE);
        refusal(state.refusal());
        targets(state.targets());
    }

    private void targets(@Nullable List<TargetState> targets) {
        if (targets == null) {
            return;
        }
        if (targets.size() > Report.MAX_TARGETS) {
            wrong("state.targets", "range", "has more than " + Report.MAX_TARGETS + " targets.");
            return;
        }
        for (int i = 0; i < targets.size() && !full(); i++) {
            if (!TARGET_STATE.matcher(targets.get(i).state()).matches()) {
                wrong("state.targets[" + i + "].state", "pattern", "is no word of a-z and _, of 1 to 40 characters.");
            }
        }
    }

    /** The reason may be any text: it is made fit to be shown, not refused. */
    private void refusal(@Nullable Refusal refusal) {
        if (refusal != null) {
            within("state.refusal.epoch", refusal.epoch(), 0, Long.MAX_VALUE);
            within("state.refusal.revision", refusal.revision(), 0, Long.MAX_VALUE);
            within("state.refusal.at", refusal.at(), 0, MAX_EPOCH_MILLIS);
        }
    }

    private List<BootCounts> boots(List<BootCounts> boots) {
        List<BootCounts> good = new ArrayList<>();
        if (boots.size() > MAX_BOOTS) {
            wrong("counts", "range", "has more than " + MAX_BOOTS + " boots; send the others in a further report.");
            return good;
        }
        for (int i = 0; i < boots.size() && !full(); i++) {
            BootCounts boot = boots.get(i);
            good.add(new BootCounts(boot.boot(), minutes("counts[" + i + "].minutes", boot.minutes())));
        }
        return good;
    }

    private List<MinuteCounts> minutes(String parent, List<MinuteCounts> minutes) {
        List<MinuteCounts> good = new ArrayList<>();
        for (int i = 0; i < minutes.size() && !full(); i++) {
            MinuteCounts minute = minutes.get(i);
            String field = parent + "[" + i + "]";
            if (minute.minute() >= firstMinute && minute.minute() <= lastMinute) {
                good.add(new MinuteCounts(minute.minute(), routes(field + ".routes", minute.routes())));
            } else {
                int before = passedOver;
                passOver(field + ".minute", "range", "is not " + firstMinute + " to " + lastMinute + ".", 0);
                List<RouteCounts> unused = routes(field + ".routes", minute.routes());
                passedOver = before
                        + minute.routes().stream().mapToInt(ReportRules::size).sum();
            }
        }
        return good;
    }

    private List<RouteCounts> routes(String parent, List<RouteCounts> routes) {
        List<RouteCounts> good = new ArrayList<>();
        for (int i = 0; i < routes.size() && !full(); i++) {
            RouteCounts row = routes.get(i);
            String field = parent + "[" + i + "]";
            rows += size(row);
            if (rows > MAX_ROWS) {
                wrong("counts", "range", "has more than " + MAX_ROWS + " rows; send the others in a further report.");
                tooManyRows = true;
                return good;
            }
            if (NIL.equals(row.route())) {
                wrong(field + ".route", "invalid", "is the nil UUID; null stands for no route.");
            }
            List<CodeCount> codes = codes(field + ".codes", row.codes());
            if (!codes.isEmpty() || row.codes().isEmpty()) {
                good.add(new RouteCounts(row.route(), codes, latency(field + ".latency", row.latency())));
            }
        }
        return good;
    }

    /** How many rows of the record it may become. */
    private static int size(RouteCounts row) {
        return Math.max(1, row.codes().size());
    }

    private List<CodeCount> codes(String parent, List<CodeCount> codes) {
        List<CodeCount> good = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < codes.size() && !full(); i++) {
            CodeCount code = codes.get(i);
            within(parent + "[" + i + "].count", code.count(), 0, MAX_COUNT);
            if (!seen.add(code.code())) {
                wrong(parent + "[" + i + "].code", "invalid", "is there twice.");
            }
            if (code.code() >= 100 && code.code() <= 599) {
                good.add(code);
            } else {
                passOver(parent + "[" + i + "].code", "range", "is not 100 to 599.", 1);
            }
        }
        return good;
    }

    /** The record if it can be kept, or null. */
    private @Nullable String latency(String field, @Nullable String latency) {
        if (latency == null) {
            return null;
        }
        try {
            LatencyHistograms.Checked ignored = LatencyHistograms.check(latency);
            return latency;
        } catch (IllegalArgumentException e) {
            passOver(field, "invalid", e.getMessage() + ".", 1);
            return null;
        }
    }

    private void passOver(String field, String code, String message, int howMany) {
        passedOver += howMany;
        if (firstPassedOver == null) {
            firstPassedOver = new Violation(field, code, message);
        }
    }

    private void text(String field, String value) {
        if (value.isEmpty() || value.length() > MAX_NAME) {
            wrong(field, "range", "must have 1 to " + MAX_NAME + " characters.");
        } else if (!value.codePoints().allMatch(ReportRules::isPrintable)) {
            wrong(field, "pattern", "holds characters that cannot be printed.");
        }
    }

    /** Free text as one printable line of bounded length: what a person is shown of a refusal. */
    static String line(String text, int longest) {
        String start = text.substring(0, Math.min(text.length(), longest));
        StringBuilder line = new StringBuilder(start.length());
        start.codePoints().map(c -> isPrintable(c) ? c : ' ').forEach(line::appendCodePoint);
        return line.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            wrong(field, "range", "must be " + least + " to " + most + ".");
        }
    }

    private void wrong(String field, String code, String message) {
        if (!full()) {
            violations.add(new Violation(field, code, message));
        }
    }

    private boolean full() {
        return tooManyRows || violations.size() >= MAX_VIOLATIONS;
    }
}
