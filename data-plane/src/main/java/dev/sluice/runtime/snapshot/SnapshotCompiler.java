package dev.sluice.runtime.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.InvalidSnapshotException;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks a snapshot and compiles it. Takes as long as it takes: for worker threads. */
public final class SnapshotCompiler {
    private final String group;

    public SnapshotCompiler(String group) {
        this.group = group;
    }

    /**
     * Reads what a control plane sent.
     *
     * @param served what is served now: nothing older is accepted
     * @throws RefusedSnapshotException when this runtime must not or cannot serve it
     */
    public CompiledSnapshot accept(byte[] bytes, @Nullable Snapshot served, SnapshotSource source) {
        Snapshot snapshot;
        try {
            snapshot = SnapshotFormat.read(bytes);
        } catch (InvalidSnapshotException e) {
            throw new RefusedSnapshotException(declared(bytes), String.valueOf(e.getMessage()), e);
        }
        Revision revision = snapshot.revision();
        if (!snapshot.group().equals(group)) {
            throw new RefusedSnapshotException(
                    revision, "It is of group " + snapshot.group() + ", this runtime serves " + group, null);
        }
        if (served != null && served.revision().isAfter(revision)) {
            throw new RefusedSnapshotException(
                    revision, "It is older than revision " + served.revision() + ", which is served", null);
        }
        if (served != null
                && served.revision().equals(revision)
                && !served.digest().equals(snapshot.digest())) {
            throw new RefusedSnapshotException(
                    revision, "It differs from what is served under the same revision " + revision, null);
        }
        return compile(snapshot, source);
    }

    /** What damaged bytes say that they are, for people to know; null where they do not even say that. */
    private static @Nullable Revision declared(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        try {
            ObjectNode header = ConfigJson.object(Arrays.copyOf(bytes, end));
            return new Revision(
                    header.path("epoch").asLong(), header.path("revision").asLong(-1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** @throws RefusedSnapshotException when there is something in it that cannot be served */
    public CompiledSnapshot compile(Snapshot snapshot, SnapshotSource source) {
        try {
            return new CompiledSnapshot(snapshot, RouteTable.compile(snapshot), source);
        } catch (InvalidConfigurationException e) {
            throw new RefusedSnapshotException(snapshot.revision(), "It does not compile: " + e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError e) {
            // a defect of the compiler must not end the control loop: the last good stays
            throw new RefusedSnapshotException(snapshot.revision(), "It does not compile: " + e, e);
        }
    }
}
