package dev.sluice.runtime.snapshot;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.tls.ServedCertificates;
import dev.sluice.runtime.upstream.UpstreamTls;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot ready to be served; immutable.
 *
 * @param contentKeys open the secrets in it; null where this runtime has none
 * @param upstreamTls how the upstreams of implementations, by their ids, are spoken to; none for the platform's way
 * @param certificates what clients are shown that speak TLS
 * @param upstreams by their ids, ready to be balanced over
 */
public record CompiledSnapshot(
        Snapshot snapshot,
        RouteTable routes,
        SnapshotSource source,
        @Nullable SealingKeys contentKeys,
        Map<UUID, UpstreamTls> upstreamTls,
        ServedCertificates certificates,
        Map<UUID, CompiledUpstream> upstreams) {
    public CompiledSnapshot {
        upstreamTls = Map.copyOf(upstreamTls);
        upstreams = Map.copyOf(upstreams);
    }
}
