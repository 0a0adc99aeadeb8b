package dev.sluice.runtime.balance;

import dev.sluice.model.config.BalancingAlgorithm;
import dev.sluice.model.config.HashOn;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.routing.UpstreamPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An upstream with all that was worked out beforehand. Immutable. */
public final class CompiledUpstream {
    private final UpstreamPlan plan;
    private final List<TargetAddress> addresses;
    private final @Nullable HashRing ring;

    private CompiledUpstream(UpstreamPlan plan) {
        this.plan = plan;
        this.addresses = plan.targets().stream()
                .map(target -> TargetAddress.parse(target.target()))
                .toList();
        Upstream upstream = plan.upstream();
        boolean hashes =
                upstream.algorithm() == BalancingAlgorithm.CONSISTENT_HASHING && upstream.hashOn() != HashOn.NONE;
        this.ring = hashes ? new HashRing(plan.targets(), upstream.slots()) : null;
    }

    /**
     * All of a group, by id. Takes milliseconds for large rings: for worker threads.
     *
     * @param before what was made last; taken over where an upstream and its targets are the same
     */
    public static Map<UUID, CompiledUpstream> compile(RouteTable routes, Map<UUID, CompiledUpstream> before) {
        Map<UUID, CompiledUpstream> compiled = new HashMap<>();
        for (UpstreamPlan plan : routes.upstreams()) {
            UUID id = plan.upstream().id();
            CompiledUpstream known = before.get(id);
            compiled.put(id, known != null && known.plan.equals(plan) ? known : new CompiledUpstream(plan));
        }
        return Map.copyOf(compiled);
    }

    public UUID id() {
        return plan.upstream().id();
    }

    public Upstream upstream() {
        return plan.upstream();
    }

    public List<Target> targets() {
        return plan.targets();
    }

    /** Of the target with this index. */
    public TargetAddress address(int target) {
        return addresses.get(target);
    }

    public HealthChecks checks() {
        return plan.upstream().healthchecks();
    }

    /** Whether a key decides. */
    public boolean hashes() {
        return ring != null;
    }

    @Nullable
    HashRing ring() {
        return ring;
    }
}
