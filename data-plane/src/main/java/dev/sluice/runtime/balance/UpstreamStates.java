package dev.sluice.runtime.balance;

import dev.sluice.model.config.Target;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * What is observed of targets, for the whole runtime, by target and address. Outlives every configuration that has the
 * target. Any thread may call.
 */
public final class UpstreamStates {
    private final ConcurrentMap<UUID, Map<InetAddress, PeerState>> byTarget = new ConcurrentHashMap<>();
    private final Set<UUID> withoutAddress = ConcurrentHashMap.newKeySet();

    /** Of one address of a target, made where there is none. */
    public PeerState of(Target target, InetAddress address, long nowNanos) {
        PeerState state = byTarget.computeIfAbsent(target.id(), id -> new ConcurrentHashMap<>())
                .computeIfAbsent(address, made -> {
                    PeerState fresh = new PeerState(nowNanos);
                    fresh.knows(target.healthSetAt());
                    return fresh;
                });
        state.said(target.healthSetAt(), nowNanos);
        return state;
    }

    /** Notes whether the name of a target could be resolved. */
    public void resolved(Target target, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            withoutAddress.add(target.id());
            return;
        }
        withoutAddress.remove(target.id());
        Map<InetAddress, PeerState> known = byTarget.get(target.id());
        if (known != null && known.size() > addresses.size()) {
            Set<InetAddress> now = new HashSet<>(addresses);
            known.entrySet()
                    .removeIf(entry ->
                            !now.contains(entry.getKey()) && entry.getValue().inFlight() == 0);
        }
    }

    /** Forgets targets that no configuration has any more. */
    public void retain(Collection<CompiledUpstream> served) {
        Set<UUID> targets = served.stream()
                .flatMap(upstream -> upstream.targets().stream())
                .map(Target::id)
                .collect(Collectors.toSet());
        byTarget.keySet().retainAll(targets);
        withoutAddress.retainAll(targets);
    }

    /** As far as this runtime knows. */
    public TargetHealth health(CompiledUpstream upstream, Target target) {
        if (target.unhealthy()) {
            return TargetHealth.UNHEALTHY;
        }
        if (withoutAddress.contains(target.id())) {
            return TargetHealth.DNS_ERROR;
        }
        Collection<PeerState> peers =
                byTarget.getOrDefault(target.id(), Map.of()).values();
        boolean well = peers.isEmpty() || peers.stream().anyMatch(peer -> peer.healthy(upstream.checks()));
        return well ? TargetHealth.HEALTHY : TargetHealth.UNHEALTHY;
    }
}
