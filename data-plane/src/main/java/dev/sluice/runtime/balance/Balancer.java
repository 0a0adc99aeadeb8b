package dev.sluice.runtime.balance;

import dev.sluice.model.config.HealthChecks;
import dev.sluice.runtime.failure.Diagnosis;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.upstream.Names;
import dev.sluice.runtime.upstream.Turn;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Gives the requests of one event loop their turns at targets; used on that event loop alone. */
public final class Balancer {
    /** Beyond so many upstreams, those that may have gone are forgotten with their place in the turn. */
    private static final int MANY = 10_000;

    private final UpstreamStates states;
    private final Names names;
    private final LongSupplier nanoTime;
    private final Map<UUID, Wheel> wheels = new HashMap<>();

    public Balancer(UpstreamStates states, Names names, LongSupplier nanoTime) {
        this.states = states;
        this.names = names;
        this.nanoTime = nanoTime;
    }

    /** Completes once targets' names are known, as a rule at once; never fails. */
    public Future<Void> ready(CompiledUpstream upstream) {
        return wheel(upstream).ready();
    }

    /**
     * A turn at the target that comes next: at one that the request was not at yet, while there is one.
     *
     * @throws RequestFailed with {@link Failure#NO_TARGET} where none is healthy, with {@link Failure#OVERLOAD} where
     *     those that are have as many requests as they may have
     */
    public Turn next(CompiledUpstream upstream, Selection selection) {
        Wheel wheel = wheel(upstream);
        long now = nanoTime.getAsLong();
        HealthChecks checks = upstream.checks();
        List<Peer> usable = usable(upstream, wheel);
        Turn trial = trial(upstream, wheel, selection, selection.repeatable() || usable.isEmpty(), now);
        if (trial != null) {
            return trial;
        }
        if (usable.isEmpty() || healthyPercent(wheel, usable) < checks.threshold()) {
            throw new RequestFailed(reason(wheel));
        }
        List<Peer> reachable = reachable(usable, now);
        Turn turn = untried(upstream, reachable, selection);
        if (turn == null && reachable != usable) {
            turn = untried(upstream, usable, selection);
        }
        if (turn != null) {
            return turn;
        }
        selection.startAnew();
        turn = from(upstream, reachable, selection, peer -> true);
        if (turn == null && reachable != usable) {
            turn = from(upstream, usable, selection, peer -> true);
        }
        if (turn == null) {
            throw new RequestFailed(Failure.OVERLOAD);
        }
        return turn;
    }

    private Wheel wheel(CompiledUpstream upstream) {
        Wheel wheel = wheels.get(upstream.id());
        if (wheel == null) {
            if (wheels.size() >= MANY) {
                wheels.clear();
            }
            wheel = new Wheel(states, names);
            wheels.put(upstream.id(), wheel);
        }
        wheel.renew(upstream, nanoTime.getAsLong());
        return wheel;
    }

    private static List<Peer> usable(CompiledUpstream upstream, Wheel wheel) {
        List<Peer> usable = new ArrayList<>(wheel.peers().size());
        for (Peer peer : wheel.peers()) {
            if (!peer.target().unhealthy() && peer.state().healthy(upstream.checks())) {
                usable.add(peer);
            }
        }
        return usable;
    }

    /** Without those to which no connection could be made just now; the same list where there are none. */
    private static List<Peer> reachable(List<Peer> usable, long now) {
        for (Peer peer : usable) {
            if (peer.state().passedOver(now)) {
                List<Peer> reachable = new ArrayList<>(usable);
                reachable.removeIf(each -> each.state().passedOver(now));
                return reachable;
            }
        }
        return usable;
    }

    /** At another target than before, else at another address; null where there is none, or none that has room. */
    private @Nullable Turn untried(CompiledUpstream upstream, List<Peer> usable, Selection selection) {
        if (selection.isFirst()) {
            return from(upstream, usable, selection, peer -> true);
        }
        Turn turn = from(upstream, usable, selection, peer -> !selection.triedTarget(peer));
        return turn != null ? turn : from(upstream, usable, selection, peer -> !selection.tried(peer));
    }

    /** Of the weight of all addresses; a target without any counts as one. */
    private static double healthyPercent(Wheel wheel, List<Peer> usable) {
        long all = wheel.unresolvedWeight();
        for (Peer peer : wheel.peers()) {
            all += peer.target().weight();
        }
        long healthy = 0;
        for (Peer peer : usable) {
            healthy += peer.target().weight();
        }
        return all == 0 ? 0 : 100.0 * healthy / all;
    }

    private static Failure reason(Wheel wheel) {
        Throwable unresolved = wheel.failure();
        return unresolved == null || !wheel.peers().isEmpty() ? Failure.NO_TARGET : Diagnosis.ofConnecting(unresolved);
    }

    /** At a target that passive checks took out and that may be tried again. */
    private @Nullable Turn trial(
            CompiledUpstream upstream, Wheel wheel, Selection selection, boolean preferred, long now) {
        for (Peer peer : wheel.peers()) {
            boolean mayBe = !peer.target().unhealthy() && !selection.tried(peer);
            if (mayBe && peer.state().takeTrial(upstream.checks(), preferred, now)) {
                if (peer.state().begin(upstream.upstream())) {
                    return turn(upstream, peer, selection, true);
                }
                peer.state().trialEnded(null, now);
            }
        }
        return null;
    }

    /** Of those that are let through one that has room; null where none has. */
    private @Nullable Turn from(
            CompiledUpstream upstream, List<Peer> usable, Selection selection, Predicate<Peer> through) {
        List<Peer> left = new ArrayList<>(usable);
        left.removeIf(through.negate());
        while (!left.isEmpty()) {
            Peer chosen = wheel(upstream).choose(upstream, left, selection, nanoTime.getAsLong());
            if (chosen.state().begin(upstream.upstream())) {
                return turn(upstream, chosen, selection, false);
            }
            left.remove(chosen);
        }
        return null;
    }

    private Turn turn(CompiledUpstream upstream, Peer peer, Selection selection, boolean trial) {
        selection.tries(peer);
        peer.state().asked(nanoTime.getAsLong());
        return new PeerTurn(peer, peer.destination(selection.tls()), upstream.checks(), nanoTime, trial);
    }
}
