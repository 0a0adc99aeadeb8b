package dev.sluice.runtime.health;

import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.HealthChecks.Active;
import dev.sluice.model.config.Target;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.balance.PeerState;
import dev.sluice.runtime.balance.PeerState.Outcome;
import dev.sluice.runtime.balance.UpstreamStates;
import dev.sluice.runtime.upstream.Names;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the targets of all upstreams that are served, each in its interval give or take a tenth, so that runtimes that
 * started together do not ask together. Reads what is served anew at each tick: what is gone from there is asked no more.
 * Runs on one event loop.
 */
public final class ActiveChecks {
    private static final long TICK_MS = 50;
    private static final double JITTER = 0.1;

    private final Vertx vertx;
    private final Names names;
    private final UpstreamStates states;
    private final Supplier<Map<UUID, CompiledUpstream>> served;
    private final LongSupplier nanoTime;
    private final Probe probe;
    private final SplittableRandom random = new SplittableRandom();
    private Map<Key, Checked> checked = new HashMap<>();
    private @Nullable Map<UUID, CompiledUpstream> last;
    private volatile boolean stopped;

    /** @param served the upstreams of the snapshot that is served: the same map as long as it is the same snapshot */
    public ActiveChecks(
            Vertx vertx,
            Names names,
            UpstreamStates states,
            Supplier<Map<UUID, CompiledUpstream>> served,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.names = names;
        this.states = states;
        this.served = served;
        this.nanoTime = nanoTime;
        this.probe = new Probe(vertx);
    }

    private record Key(UUID target, InetAddress address) {}

    /** When one address was asked last, and whether it is being asked. */
    private static final class Checked {
        private final double phase;
        private long beganNanos;
        private boolean first = true;
        private boolean running;

        Checked(double phase, long nowNanos) {
            this.phase = phase;
            this.beganNanos = nowNanos;
        }
    }

    public void start() {
        vertx.getOrCreateContext().runOnContext(now -> vertx.setPeriodic(TICK_MS, this::tick));
    }

    /** To be called before the Vert.x instance is closed; any thread may. */
    public void stop() {
        stopped = true;
    }

    private void tick(long timer) {
        if (stopped) {
            boolean ignored = vertx.cancelTimer(timer);
            return;
        }
        Map<UUID, CompiledUpstream> upstreams = served.get();
        if (upstreams != last) {
            last = upstreams;
            states.retain(upstreams.values());
        }
        Map<Key, Checked> still = new HashMap<>();
        for (CompiledUpstream upstream : upstreams.values()) {
            Active active = upstream.checks().active();
            if (active.healthy().interval() > 0 || active.unhealthy().interval() > 0) {
                check(upstream, still);
            }
        }
        checked = still;
    }

    private void check(CompiledUpstream upstream, Map<Key, Checked> still) {
        int running = 0;
        long now = nanoTime.getAsLong();
        for (int i = 0; i < upstream.targets().size(); i++) {
            Target target = upstream.targets().get(i);
            for (InetAddress address : addresses(upstream, i)) {
                Key key = new Key(target.id(), address);
                Checked one = checked.get(key);
                if (one == null) {
                    one = new Checked(random.nextDouble(), now);
                }
                still.put(key, one);
                running += one.running ? 1 : 0;
            }
        }
        for (int i = 0; i < upstream.targets().size(); i++) {
            Target target = upstream.targets().get(i);
            for (InetAddress address : addresses(upstream, i)) {
                Checked one = still.get(new Key(target.id(), address));
                PeerState state = states.of(target, address, now);
                if (one != null
                        && !one.running
                        && running < upstream.checks().active().concurrency()
                        && due(one, interval(upstream.checks(), state), now)) {
                    running++;
                    ask(upstream, i, address, state, one);
                }
            }
        }
    }

    private List<InetAddress> addresses(CompiledUpstream upstream, int target) {
        Future<List<InetAddress>> found =
                names.addresses(upstream.address(target).host());
        if (!found.isComplete()) {
            return List.of(); // at one of the next ticks
        }
        List<InetAddress> addresses = found.succeeded() ? found.result() : List.of();
        states.resolved(upstream.targets().get(target), addresses);
        return addresses;
    }

    private static double interval(HealthChecks checks, PeerState state) {
        return state.healthy(checks)
                ? checks.active().healthy().interval()
                : checks.active().unhealthy().interval();
    }

    /** The first one somewhere within an interval. */
    private boolean due(Checked one, double seconds, long now) {
        if (seconds <= 0) {
            return false;
        }
        double share = one.first ? one.phase : 1 + JITTER * (2 * one.phase - 1);
        return now - one.beganNanos >= seconds * share * 1e9;
    }

    private void ask(CompiledUpstream upstream, int target, InetAddress address, PeerState state, Checked one) {
        one.running = true;
        one.first = false;
        one.beganNanos = nanoTime.getAsLong();
        probe.ask(upstream, target, address).onComplete(done -> {
            one.running = false;
            Outcome outcome = done.result();
            if (outcome != null) {
                state.active(outcome, upstream.checks(), nanoTime.getAsLong());
            }
        });
    }
}
