package dev.sluice.runtime.snapshot;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.upstream.UpstreamTls;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot ready to be served; immutable.
 *
 * @param contentKeys open the secrets in it; null where this runtime has none
 * @param upstreamTls how the upstreams of implementations, by their ids, are spoken to; none for the platform's way
 */
public record CompiledSnapshot(
        Snapshot snapshot,
        RouteTable routes,
        SnapshotSource source,
        @Nullable SealingKeys contentKeys,
        Map<UUID, UpstreamTls> upstreamTls) {
    public CompiledSnapshot {
        upstreamTls = Map.copyOf(upstreamTls);
    }
}
