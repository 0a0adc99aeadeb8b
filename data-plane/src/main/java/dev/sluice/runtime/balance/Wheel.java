package dev.sluice.runtime.balance;

import dev.sluice.model.config.Target;
import dev.sluice.runtime.upstream.Names;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The peers of one upstream, as one event loop has them: looked up again and again, choices made here by algorithm. */
final class Wheel {
    /** How soon a name's other addresses, or an operator's word, are noticed at the latest. */
    private static final long RENEWED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final UpstreamStates states;
    private final Names names;
    private @Nullable CompiledUpstream upstream;
    private List<Peer> peers = List.of();
    private List<Future<List<InetAddress>>> awaited = List.of();
    private int unresolvedWeight;
    private @Nullable Throwable failure;
    private long renewAtNanos;
    private int turn;

    Wheel(UpstreamStates states, Names names) {
        this.states = states;
        this.names = names;
    }

    /** Looks at the configuration and the names, where it is time to. */
    void renew(CompiledUpstream wanted, long nowNanos) {
        if (upstream == wanted && nowNanos - renewAtNanos < 0) {
            return;
        }
        Map<PeerState, Peer> before = new HashMap<>();
        peers.forEach(peer -> before.put(peer.state(), peer));
        boolean same = upstream == wanted;
        upstream = wanted;
        peers = new ArrayList<>();
        awaited = new ArrayList<>();
        unresolvedWeight = 0;
        failure = null;
        for (int i = 0; i < wanted.targets().size(); i++) {
            Target target = wanted.targets().get(i);
            if (target.weight() > 0) {
                find(wanted, i, target, same, before, nowNanos);
            }
        }
        renewAtNanos = awaited.isEmpty() ? nowNanos + RENEWED_NANOS : nowNanos;
    }

    private void find(
            CompiledUpstream wanted,
            int index,
            Target target,
            boolean same,
            Map<PeerState, Peer> before,
            long nowNanos) {
        Future<List<InetAddress>> found = names.addresses(wanted.address(index).host());
        List<InetAddress> addresses = found.result();
        if (addresses == null) {
            unresolvedWeight += target.weight();
            if (found.isComplete()) {
                failure = found.cause();
                states.resolved(target, List.of());
            } else {
                awaited.add(found);
            }
            return;
        }
        states.resolved(target, addresses);
        for (InetAddress address : addresses) {
            PeerState state = states.of(target, address, nowNanos);
            Peer known = before.get(state);
            if (known != null && same) {
                peers.add(known);
                continue;
            }
            Peer peer = new Peer(wanted, index, address, state);
            peer.current = known == null ? 0 : known.current;
            peers.add(peer);
        }
    }

    List<Peer> peers() {
        return peers;
    }

    /** Completes once there is something to choose from, or nothing more to wait for. */
    Future<Void> ready() {
        return peers.isEmpty() && !awaited.isEmpty()
                ? Future.join(awaited).transform(done -> Future.succeededFuture())
                : Future.succeededFuture();
    }

    /** Why a name has no address; null where all have some. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Weight of targets that have no address. */
    int unresolvedWeight() {
        return unresolvedWeight;
    }

    /** @param usable not empty */
    Peer choose(CompiledUpstream wanted, List<Peer> usable, Selection selection, long nowNanos) {
        return switch (wanted.upstream().algorithm()) {
            case ROUND_ROBIN -> inTurn(usable, nowNanos);
            case LEAST_CONNECTIONS -> leastBusy(usable, nowNanos);
            case LATENCY -> quickerOfTwo(usable, nowNanos);
            case CONSISTENT_HASHING -> byKey(wanted, usable, selection, nowNanos);
        };
    }

    /** Smooth and weighted: each gains its weight, the highest is taken and loses what all have gained. */
    private static Peer inTurn(List<Peer> usable, long nowNanos) {
        Peer best = usable.get(0);
        double sum = 0;
        for (Peer peer : usable) {
            double weight = peer.weight(nowNanos);
            peer.current += weight;
            sum += weight;
            if (peer.current > best.current) {
                best = peer;
            }
        }
        best.current -= sum;
        return best;
    }

    /** (requests + 1) / weight; equal ones in turn. */
    private Peer leastBusy(List<Peer> usable, long nowNanos) {
        turn = turn == Integer.MAX_VALUE ? 0 : turn + 1;
        Peer best = usable.get(turn % usable.size());
        double least = Double.MAX_VALUE;
        for (int i = 0; i < usable.size(); i++) {
            Peer peer = usable.get((turn + i) % usable.size());
            double load = (peer.state().inFlight() + 1) / peer.weight(nowNanos);
            if (load < least) {
                least = load;
                best = peer;
            }
        }
        return best;
    }

    /** The two are drawn by weight: in turn, which is fair and needs no luck. */
    private static Peer quickerOfTwo(List<Peer> usable, long nowNanos) {
        Peer first = inTurn(usable, nowNanos);
        Peer second = inTurn(usable, nowNanos);
        return second.state().cost(nowNanos) < first.state().cost(nowNanos) ? second : first;
    }

    private static Peer byKey(CompiledUpstream wanted, List<Peer> usable, Selection selection, long nowNanos) {
        HashRing ring = wanted.ring();
        String key = ring == null ? null : selection.key(wanted.upstream());
        if (ring == null || key == null) {
            return inTurn(usable, nowNanos);
        }
        Map<Integer, List<Peer>> byTarget = new HashMap<>();
        usable.forEach(peer -> byTarget.computeIfAbsent(peer.index(), index -> new ArrayList<>())
                .add(peer));
        long hash = Hashes.of(key);
        int owner = ring.find(hash, byTarget::containsKey);
        return owner < 0 ? inTurn(usable, nowNanos) : ofAddresses(byTarget.getOrDefault(owner, usable), hash);
    }

    /** Of a target's addresses the one that this key goes to, as long as it is there (highest random weight). */
    private static Peer ofAddresses(List<Peer> peers, long hash) {
        Peer best = peers.get(0);
        long highest = Long.MIN_VALUE;
        for (Peer peer : peers) {
            long score = Hashes.step(hash, peer.address().hashCode());
            if (score > highest) {
                highest = score;
                best = peer;
            }
        }
        return best;
    }
}
