package dev.sluice.runtime.balance;

import dev.sluice.model.config.BalancingAlgorithm;
import dev.sluice.model.config.HashOn;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.routing.UpstreamPlan;
import dev.sluice.runtime.upstream.UpstreamTls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An upstream with all that was worked out beforehand. Immutable. */
public final class CompiledUpstream {
    private final UpstreamPlan plan;
    private final @Nullable UpstreamTls checksTls;
    private final List<TargetAddress> addresses;
    private final @Nullable HashRing ring;

    private CompiledUpstream(UpstreamPlan plan, @Nullable UpstreamTls checksTls) {
        this.plan = plan;
        this.checksTls = checksTls;
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
     * @param checksTls how health checks speak TLS, by ids of upstreams; none for the platform's way
     * @param before what was made last; taken over where an upstream and its targets are the same
     */
    public static Map<UUID, CompiledUpstream> compile(
            RouteTable routes, Map<UUID, UpstreamTls> checksTls, Map<UUID, CompiledUpstream> before) {
        Map<UUID, CompiledUpstream> compiled = new HashMap<>();
        for (UpstreamPlan plan : routes.upstreams()) {
            UUID id = plan.upstream().id();
            UpstreamTls tls = checksTls.get(id);
            CompiledUpstream known = before.get(id);
            boolean same = known != null && known.checksTls == tls && known.plan.equals(plan);
            compiled.put(id, same ? known : new CompiledUpstream(plan, tls));
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

    /** How health checks speak TLS; null for the platform's way. */
    public @Nullable UpstreamTls checksTls() {
        return checksTls;
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
