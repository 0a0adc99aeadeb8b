package dev.sluice.model.wire;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime says of itself, once a second and at once after a swap or a refusal. It carries the rows of counts that
 * changed since the last acknowledged report, as cumulative values; so a report that is lost, late, doubled or reordered
 * does no harm.
 *
 * @param runtime who reports
 * @param sequence 1, 2, 3 … within a boot; the state of a report that is older than one already seen is passed over
 * @param state what it serves
 * @param counts per boot: this one's, and those of earlier boots that were never acknowledged
 */
public record Report(RuntimeIdentity runtime, long sequence, RuntimeState state, List<BootCounts> counts) {
    /** Of {@link RuntimeState#targets}. */
    public static final int MAX_TARGETS = 1000;

    public Report {
        Objects.requireNonNull(runtime, "runtime is required");
        Objects.requireNonNull(state, "state is required");
        counts = List.copyOf(counts);
    }

    /**
     * @param id kept in the runtime's data directory over restarts
     * @param name what people call it; unique by convention only
     * @param group name of the runtime group that it serves
     * @param host name of the machine that it runs on
     * @param version release of the software
     * @param boot new at every start of the process
     * @param startedAt epoch milliseconds
     */
    public record RuntimeIdentity(
            UUID id, String name, String group, String host, String version, UUID boot, long startedAt) {
        public RuntimeIdentity {
            Objects.requireNonNull(id, "id is required");
            Objects.requireNonNull(name, "name is required");
            Objects.requireNonNull(group, "group is required");
            Objects.requireNonNull(host, "host is required");
            Objects.requireNonNull(version, "version is required");
            Objects.requireNonNull(boot, "boot is required");
        }
    }

    /**
     * @param epoch of the served revision
     * @param revision number of the served revision
     * @param digest of the served snapshot, hexadecimal
     * @param source where the served snapshot came from: {@code control_plane}, {@code disk}, {@code seed} or {@code none}
     * @param stopping true once an orderly stop began
     * @param stopped true in the very last report of an orderly stop: it serves no more
     * @param refusal the last snapshot that was refused since, or null
     * @param memoryUsed bytes of heap in use
     * @param memoryMax bytes of heap at most
     * @param bus whether announcements come in over the event bus
     * @param targets the targets that it finds other than healthy, {@link #MAX_TARGETS} at most: where there are so many,
     *     nothing is said of the others; null from releases that do not say
     */
    public record RuntimeState(
            long epoch,
            long revision,
            String digest,
            String source,
            boolean stopping,
            boolean stopped,
            @Nullable Refusal refusal,
            long memoryUsed,
            long memoryMax,
            boolean bus,
            @Nullable List<TargetState> targets) {
        public RuntimeState {
            Objects.requireNonNull(digest, "digest is required");
            Objects.requireNonNull(source, "source is required");
            targets = targets == null ? null : List.copyOf(targets);
        }
    }

    /**
     * A target that is not healthy.
     *
     * @param state {@code unhealthy}, {@code dns_error}, or a word of a later release: 1 to 40 of {@code a-z_}
     */
    public record TargetState(UUID target, String state) {
        public TargetState {
            Objects.requireNonNull(target, "target is required");
            Objects.requireNonNull(state, "state is required");
        }
    }

    /**
     * A snapshot that this runtime did not apply.
     *
     * @param reason one sentence
     * @param at epoch milliseconds by the runtime's idea of the control plane's clock
     */
    public record Refusal(long epoch, long revision, String reason, long at) {
        public Refusal {
            Objects.requireNonNull(reason, "reason is required");
        }
    }

    /** Rows of one boot of the process. */
    public record BootCounts(UUID boot, List<MinuteCounts> minutes) {
        public BootCounts {
            Objects.requireNonNull(boot, "boot is required");
            minutes = List.copyOf(minutes);
        }
    }

    /** @param minute minutes since the epoch */
    public record MinuteCounts(long minute, List<RouteCounts> routes) {
        public MinuteCounts {
            routes = List.copyOf(routes);
        }
    }

    /**
     * Cumulative counts of a route in a minute of a boot.
     *
     * @param route null for requests that no route matched
     * @param codes status code (100 to 599) and how many requests ended with it; 499 for clients that went away
     * @param latency HdrHistogram (V2, compressed, base64) of microseconds per request, cumulative too;
     *     null when there is none
     */
    public record RouteCounts(
            @Nullable UUID route,
            List<CodeCount> codes,
            @Nullable String latency) {
        public RouteCounts {
            codes = List.copyOf(codes);
        }
    }

    public record CodeCount(int code, long count) {}
}
