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
    private static final Set<String> SOURCES = Set.of("control_plane", "disk", "seed", "none");

    private final RuntimeCaller caller;
    private final long firstMinute;
    private final long lastMinute;
    private final List<Violation> violations = new ArrayList<>();
    private int rows;
    private boolean tooManyRows;

    private ReportRules(RuntimeCaller caller, Instant now) {
        this.caller = caller;
        this.firstMinute = now.minus(Retention.ACCEPTED).getEpochSecond() / 60 + 1;
        this.lastMinute = now.plus(AHEAD).getEpochSecond() / 60;
    }

    /**
     * Everything that is wrong, the first 50 at most; empty for a sound report. Decodes latency records, which takes
     * its time.
     *
     * @param caller who sent it
     * @param now the control plane's clock
     */
    static List<Violation> check(Report report, RuntimeCaller caller, Instant now) {
        ReportRules rules = new ReportRules(caller, now);
        rules.identity(report.runtime());
        rules.within("sequence", report.sequence(), 1, Long.MAX_VALUE);
        rules.state(report.state());
        rules.boots(report.counts());
        return rules.violations;
    }

    private void identity(RuntimeIdentity runtime) {
        if (!runtime.id().equals(caller.id())) {
            wrong("runtime.id", "conflict", "is not the runtime that calls.");
        }
        if (!runtime.group().equals(caller.group())) {
            wrong("runtime.group", "conflict", "is not the group that the caller serves.");
        }
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
    }

    /** The reason may be any text: it is made fit to be shown, not refused. */
    private void refusal(@Nullable Refusal refusal) {
        if (refusal != null) {
            within("state.refusal.epoch", refusal.epoch(), 0, Long.MAX_VALUE);
            within("state.refusal.revision", refusal.revision(), 0, Long.MAX_VALUE);
            within("state.refusal.at", refusal.at(), 0, MAX_EPOCH_MILLIS);
        }
    }

    private void boots(List<BootCounts> boots) {
        if (boots.size() > MAX_BOOTS) {
            wrong("counts", "range", "has more than " + MAX_BOOTS + " boots; send the others in a further report.");
            return;
        }
        for (int i = 0; i < boots.size() && !full(); i++) {
            String field = "counts[" + i + "]";
            minutes(field + ".minutes", boots.get(i).minutes());
        }
    }

    private void minutes(String parent, List<MinuteCounts> minutes) {
        for (int i = 0; i < minutes.size() && !full(); i++) {
            String field = parent + "[" + i + "]";
            within(field + ".minute", minutes.get(i).minute(), firstMinute, lastMinute);
            routes(field + ".routes", minutes.get(i).routes());
        }
    }

    private void routes(String parent, List<RouteCounts> routes) {
        for (int i = 0; i < routes.size() && !full(); i++) {
            RouteCounts row = routes.get(i);
            String field = parent + "[" + i + "]";
            rows += Math.max(1, row.codes().size());
            if (rows > MAX_ROWS) {
                wrong("counts", "range", "has more than " + MAX_ROWS + " rows; send the others in a further report.");
                tooManyRows = true;
                return;
            }
            if (NIL.equals(row.route())) {
                wrong(field + ".route", "invalid", "is the nil UUID; null stands for no route.");
            }
            codes(field + ".codes", row.codes());
            latency(field + ".latency", row.latency());
        }
    }

    private void codes(String parent, List<CodeCount> codes) {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < codes.size() && !full(); i++) {
            CodeCount code = codes.get(i);
            within(parent + "[" + i + "].code", code.code(), 100, 599);
            within(parent + "[" + i + "].count", code.count(), 0, MAX_COUNT);
            if (!seen.add(code.code())) {
                wrong(parent + "[" + i + "].code", "invalid", "is there twice.");
            }
        }
    }

    private void latency(String field, @Nullable String latency) {
        if (latency == null) {
            return;
        }
        try {
            LatencyHistograms.Checked ignored = LatencyHistograms.check(latency);
        } catch (IllegalArgumentException e) {
            wrong(field, "invalid", e.getMessage() + ".");
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
