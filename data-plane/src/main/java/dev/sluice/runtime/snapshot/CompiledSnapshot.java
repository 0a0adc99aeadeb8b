package dev.sluice.runtime.snapshot;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot ready to be served; immutable.
 *
 * @param contentKeys open the secrets in it; null where this runtime has none
 */
public record CompiledSnapshot(
        Snapshot snapshot,
        RouteTable routes,
        SnapshotSource source,
        @Nullable SealingKeys contentKeys) {
    /** One without secrets. */
    public CompiledSnapshot(Snapshot snapshot, RouteTable routes, SnapshotSource source) {
        this(snapshot, routes, source, null);
    }
}
