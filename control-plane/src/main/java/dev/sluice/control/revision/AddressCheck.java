package dev.sluice.control.revision;

import dev.sluice.control.revision.StagedGroup.StagedEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.net.Denial;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.net.HostLiterals;
import dev.sluice.model.net.Resolver;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether implementations and targets may be written, by the addresses of their hosts: none may be in a denied network. Names are
 * looked up for that, and one that is not found passes: it may be known where runtimes are, and those check each address
 * that they call by themselves.
 */
public final class AddressCheck {
    /** Code of its violations, whose field is {@code implementations[<id>].host} or {@code targets[<id>].target}. */
    public static final String CODE = "denied_network";

    /** For all names of one write. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int THREADS = 8;

    private final DeniedNetworks denied;
    private final Resolver resolver;
    private final Duration patience;
    private final WorkerExecutor workers;

    public AddressCheck(Vertx vertx, DeniedNetworks denied, Resolver resolver) {
        this(vertx, denied, resolver, PATIENCE);
    }

    AddressCheck(Vertx vertx, DeniedNetworks denied, Resolver resolver, Duration patience) {
        this.denied = denied;
        this.resolver = resolver;
        this.patience = patience;
        this.workers = vertx.createSharedWorkerExecutor("sluice-names", THREADS);
    }

    /** Names that have to be looked up before it can be said whether something may be written. */
    static final class UnknownNames extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> names;

        UnknownNames(Set<String> names) {
            super("Not looked up yet: " + names, null, false, false);
            this.names = names;
        }

        Set<String> names() {
            return names;
        }
    }

    /**
     * Lets through what may be written. Reads every implementation and target, so it is not for an event loop.
     *
     * @param upstreams names of the group's upstreams: an implementation whose host is one of them is served by targets
     * @param known what {@link #lookUp} found
     * @throws InvalidConfigurationException naming each one in a denied network
     * @throws UnknownNames when there are names that nobody looked up
     */
    void require(Collection<StagedEntity> written, Set<String> upstreams, Map<String, Optional<Denial>> known) {
        List<Violation> violations = new ArrayList<>();
        Set<String> unknown = new TreeSet<>();
        for (StagedEntity staged : written) {
            Called called = Called.by(staged.entity());
            if (called == null || (called.mayNameUpstream() && upstreams.contains(called.host()))) {
                continue;
            }
            String host = called.host();
            if (HostLiterals.readings(host).isEmpty() && !known.containsKey(host)) {
                unknown.add(host);
            }
            Optional.ofNullable(denied.ofLiteral(host))
                    .or(() -> known.getOrDefault(host, Optional.empty()))
                    .ifPresent(denial -> violations.add(violation(called, denial)));
        }
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        if (!unknown.isEmpty()) {
            throw new UnknownNames(unknown);
        }
    }

    /** What an entity makes runtimes call, and the field that says so. */
    private record Called(String field, String host, boolean mayNameUpstream) {
        static @Nullable Called by(Entity entity) {
            if (entity.kind().equals(EntityKinds.IMPLEMENTATION)) {
                Implementation implementation = ConfigJson.read(Implementation.class, entity.bytes());
                return new Called("implementations[" + entity.id() + "].host", implementation.host(), true);
            }
            if (entity.kind().equals(EntityKinds.TARGET)) {
                Target target = ConfigJson.read(Target.class, entity.bytes());
                String host = TargetAddress.parse(target.target()).host();
                return new Called("targets[" + entity.id() + "].target", host, false);
            }
            return null;
        }
    }

    /** Looks names up, all at once. Never fails, and takes no longer than a few seconds; an empty value means no denial. */
    Future<Map<String, Optional<Denial>>> lookUp(Set<String> names) {
        Map<String, Future<Optional<Denial>>> asked = new HashMap<>();
        for (String name : names) {
            asked.put(
                    name,
                    workers.executeBlocking(() -> find(name), false)
                            .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .otherwise(Optional.empty()));
        }
        return Future.join(List.copyOf(asked.values())).map(done -> {
            Map<String, Optional<Denial>> found = new HashMap<>();
            asked.forEach((name, answer) -> found.put(name, answer.result()));
            return found;
        });
    }

    private Optional<Denial> find(String name) throws UnknownHostException {
        for (InetAddress address : resolver.addresses(name)) {
            Denial denial = denied.of(address);
            if (denial != null) {
                return Optional.of(denial);
            }
        }
        return Optional.empty();
    }

    private static Violation violation(Called called, Denial denial) {
        String remedy = denial.lifted().isEmpty() ? "" : ", " + denial.lifted();
        return new Violation(
                called.field(),
                CODE,
                "'" + called.host() + "' means " + denial.sentence() + "; give another address" + remedy + ".");
    }
}
