package dev.sluice.runtime.upstream;

import dev.sluice.model.net.Denial;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.net.HostLiterals;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of upstreams' hosts, for all event loops. Every address is held against the denied networks here, and
 * connections are made to the addresses that come out and to no others, so that a name cannot mean one thing when it is
 * checked and another when it is called. Addresses serve for as long as DNS says, 1 s at least and 30 s at most; a failure
 * for 1 s. Where nobody answers what a name means, its last addresses serve on until they are 5 min old, and who knows is
 * asked again once a second. Of several callers who want to know the same name, one asks.
 */
public final class Names {
    static final Duration KEPT = Duration.ofSeconds(30);
    static final Duration LEAST_KEPT = Duration.ofSeconds(1);
    static final Duration FAILURE_KEPT = Duration.ofSeconds(1);
    static final Duration KEPT_UNANSWERED = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    /** Lookups at a time. Resolvers that answer take milliseconds; those that do not, many seconds. */
    private static final int THREADS = 16;

    /** Beyond so many, those that are stale are forgotten. */
    private static final int MANY = 10_000;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final DeniedNetworks denied;
    private final Lookup lookup;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Name> names = new ConcurrentHashMap<>();

    /** Of DNS, and of whatever else the platform knows. */
    public Names(Vertx vertx, DeniedNetworks denied) {
        this(vertx, denied, new DnsLookup(), System::nanoTime);
    }

    public Names(Vertx vertx, DeniedNetworks denied, Lookup lookup, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.workers = vertx.createSharedWorkerExecutor("sluice-names", THREADS);
        this.denied = denied;
        this.lookup = lookup;
        this.nanoTime = nanoTime;
    }

    /**
     * What a lookup brought, and until when it serves.
     *
     * @param bridging whether it is what an earlier lookup brought, as this one got no answer
     */
    private record Found(Future<Addresses> outcome, long staleAtNanos, boolean bridging) {}

    /** What was last said to be the addresses of a name. */
    private record Said(Addresses addresses, long atNanos) {}

    private static final class Name {
        private final String host;
        private volatile @Nullable Found found;
        private volatile @Nullable Said said;
        private @Nullable Future<Addresses> pending;
        private boolean denialTold;

        Name(String host) {
            this.host = host;
        }
    }

    /**
     * The addresses of a host that may be called. Completes at once where they are known, else later on the caller's
     * context. Fails with an UnknownHostException, or with {@link Failure#ADDRESS_DENIED} where none may be called.
     */
    Future<Addresses> resolve(String host) {
        Name name = names.get(host);
        if (name == null) {
            forgetSome();
            name = names.computeIfAbsent(host, Name::new);
        }
        Found found = name.found;
        if (found != null && nanoTime.getAsLong() - found.staleAtNanos() < 0) {
            return found.outcome();
        }
        InetAddress literal = HostLiterals.usual(host);
        if (literal != null) {
            return settle(name, List.of(literal), KEPT);
        }
        Future<Addresses> looked = lookUp(name);
        // Name servers that do not answer let everyone wait for long.
        return found != null && found.bridging() && recent(name.said) != null ? found.outcome() : looked;
    }

    /**
     * As {@link #resolve}, all of them; but where they are known and stale they are given at once, while they are looked
     * up again.
     */
    public Future<List<InetAddress>> addresses(String host) {
        Addresses latest = latest(host);
        Future<Addresses> resolved = resolve(host);
        Addresses known = resolved.isComplete() ? resolved.result() : latest;
        return known == null ? resolved.map(Addresses::all) : Future.succeededFuture(known.all());
    }

    /** The addresses that were found last, stale or not; null where there are none. */
    @Nullable
    Addresses latest(String host) {
        Name name = names.get(host);
        Found found = name == null ? null : name.found;
        return found == null ? null : found.outcome().result();
    }

    private Future<Addresses> lookUp(Name name) {
        Future<Addresses> shared;
        Promise<Addresses> asked = null;
        synchronized (name) {
            if (name.pending == null) {
                asked = Promise.promise();
                name.pending = asked.future();
            }
            shared = name.pending;
        }
        if (asked != null) {
            workers.executeBlocking(() -> lookup.find(name.host), false)
                    .compose(
                            found -> settle(name, found.addresses(), bounded(found.kept())),
                            failure -> failed(name, failure))
                    .onComplete(asked);
        }
        Context caller = vertx.getOrCreateContext();
        Promise<Addresses> own = Promise.promise();
        shared.onComplete((addresses, failure) -> caller.runOnContext(now -> own.complete(addresses, failure)));
        return own.future();
    }

    private static Duration bounded(Duration kept) {
        return kept.compareTo(LEAST_KEPT) < 0 ? LEAST_KEPT : kept.compareTo(KEPT) > 0 ? KEPT : kept;
    }

    private Future<Addresses> settle(Name name, List<InetAddress> addresses, Duration kept) {
        List<InetAddress> allowed = new ArrayList<>();
        Denial denial = null;
        for (InetAddress address : addresses) {
            Denial found = denied.of(address);
            if (found == null) {
                allowed.add(address);
            } else if (denial == null) {
                denial = found;
            }
        }
        tell(name, denial, allowed.isEmpty());
        if (!allowed.isEmpty()) {
            return settle(name, Future.succeededFuture(new Addresses(allowed)), kept);
        }
        Exception none =
                denial == null ? new UnknownHostException(name.host) : new RequestFailed(Failure.ADDRESS_DENIED);
        return settle(name, Future.failedFuture(none), FAILURE_KEPT);
    }

    /** That there are no addresses is believed; that nobody knows is not the same. */
    private Future<Addresses> failed(Name name, Throwable failure) {
        boolean answered = failure instanceof UnknownHostException && !(failure instanceof Lookup.Unanswered);
        Addresses before = answered ? null : recent(name.said);
        if (before == null) {
            return settle(name, Future.failedFuture(failure), FAILURE_KEPT);
        }
        Future<Addresses> outcome = Future.succeededFuture(before);
        synchronized (name) {
            Found found = name.found;
            if (found == null || !found.bridging()) {
                LOG.warn(
                        "What {} means is unknown now, its last addresses serve on: {}", name.host, failure.toString());
            }
            name.found = new Found(outcome, nanoTime.getAsLong() + FAILURE_KEPT.toNanos(), true);
            name.pending = null;
        }
        return outcome;
    }

    private @Nullable Addresses recent(@Nullable Said said) {
        return said != null && nanoTime.getAsLong() - said.atNanos() < KEPT_UNANSWERED.toNanos()
                ? said.addresses()
                : null;
    }

    private Future<Addresses> settle(Name name, Future<Addresses> outcome, Duration kept) {
        long now = nanoTime.getAsLong();
        Addresses addresses = outcome.result();
        synchronized (name) {
            name.found = new Found(outcome, now + kept.toNanos(), false);
            name.said = addresses == null ? null : new Said(addresses, now);
            name.pending = null;
        }
        return outcome;
    }

    /** Once, until a lookup finds nothing denied any more. */
    private static void tell(Name name, @Nullable Denial denial, boolean nothingElse) {
        synchronized (name) {
            if (denial != null && !name.denialTold) {
                LOG.warn(
                        "Upstream {} is at {}: {}",
                        name.host,
                        denial.sentence(),
                        nothingElse ? "it is not called" : "it is called at its other addresses alone");
            }
            name.denialTold = denial != null;
        }
    }

    private void forgetSome() {
        if (names.size() >= MANY) {
            long now = nanoTime.getAsLong();
            names.values().removeIf(name -> {
                Found found = name.found;
                return found != null && now - found.staleAtNanos() >= 0;
            });
        }
    }
}
