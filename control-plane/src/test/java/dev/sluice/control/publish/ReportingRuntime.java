package dev.sluice.control.publish;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.Report.TargetState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Makes the reports that one runtime would send. */
public final class ReportingRuntime {
    private final UUID id;
    private final String name;
    private final String group;
    private UUID boot = UUID.randomUUID();
    private long startedAt = Instant.now().toEpochMilli();
    private long sequence;
    private Revision serves;
    private boolean stopped;
    private @Nullable Refusal refusal;
    private @Nullable List<TargetState> targets;

    public ReportingRuntime(String name, Head group) {
        this(UUID.randomUUID(), name, group);
    }

    public ReportingRuntime(UUID id, String name, Head group) {
        this.id = id;
        this.name = name;
        this.group = group.group();
        this.serves = group.revision();
    }

    public UUID id() {
        return id;
    }

    public UUID boot() {
        return boot;
    }

    @CanIgnoreReturnValue
    public ReportingRuntime serving(Head head) {
        serves = head.revision();
        return this;
    }

    @CanIgnoreReturnValue
    public ReportingRuntime stopped() {
        stopped = true;
        return this;
    }

    @CanIgnoreReturnValue
    public ReportingRuntime refusing(Head head, String reason) {
        refusal = new Refusal(
                head.revision().epoch(),
                head.revision().number(),
                reason,
                Instant.now().toEpochMilli());
        return this;
    }

    @CanIgnoreReturnValue
    public ReportingRuntime finding(List<TargetState> notHealthy) {
        targets = notHealthy;
        return this;
    }

    @CanIgnoreReturnValue
    public ReportingRuntime restarted(long startedAtMillis) {
        boot = UUID.randomUUID();
        startedAt = startedAtMillis;
        sequence = 0;
        stopped = false;
        return this;
    }

    public Report report() {
        return report(new BootCounts[0]);
    }

    public Report report(BootCounts... counts) {
        return report(++sequence, counts);
    }

    /** With counts of the present minute. */
    public Report report(RouteCounts... routes) {
        return report(minute(thisMinute(), routes));
    }

    public Report report(long asSequence, BootCounts... counts) {
        return new Report(
                new RuntimeIdentity(id, name, group, "host-of-" + name, "0.1.0", boot, startedAt),
                asSequence,
                new RuntimeState(
                        serves.epoch(),
                        serves.number(),
                        "a".repeat(64),
                        "control_plane",
                        false,
                        stopped,
                        refusal,
                        1000,
                        2000,
                        true,
                        targets),
                Arrays.asList(counts));
    }

    public BootCounts minute(long minute, RouteCounts... routes) {
        return new BootCounts(boot, List.of(new MinuteCounts(minute, List.of(routes))));
    }

    public static long thisMinute() {
        return Instant.now().getEpochSecond() / 60;
    }

    public static RouteCounts route(@Nullable UUID route, int code, long count) {
        return new RouteCounts(route, List.of(new CodeCount(code, count)), null);
    }

    public static RouteCounts timed(@Nullable UUID route, int code, long count, long micros) {
        Histogram histogram = new Histogram(3_600_000_000L, 2);
        histogram.recordValueWithCount(micros, count);
        return new RouteCounts(route, List.of(new CodeCount(code, count)), encoded(histogram));
    }

    public static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }
}
