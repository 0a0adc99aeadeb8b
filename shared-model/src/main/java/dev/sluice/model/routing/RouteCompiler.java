package dev.sluice.model.routing;

import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Sni;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Collects records and their faults, then joins each route with its version's implementation and that with its upstream, and checks that the
 * certificates that implementations and SNIs name are there.
 */
final class RouteCompiler {
    private final Map<UUID, Implementation> byVersion = new HashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<UUID> certificates = new HashSet<>();
    private final Set<UUID> authorities = new HashSet<>();
    private final Map<String, Sni> snis = new HashMap<>();
    private final List<Violation> faults = new ArrayList<>();
    private final UpstreamCompiler upstreams = new UpstreamCompiler(faults);

    RouteCompiler read(Snapshot snapshot) {
        for (Entity entity : snapshot.entities()) {
            if (entity.kind().equals(EntityKinds.IMPLEMENTATION)) {
                read(Implementation.class, "implementations", entity, Implementation::id, this::add);
            } else if (entity.kind().equals(EntityKinds.ROUTE)) {
                read(Route.class, "routes", entity, Route::id, this::add);
            } else if (entity.kind().equals(EntityKinds.CERTIFICATE)) {
                read(Certificate.class, "certificates", entity, Certificate::id, this::add);
            } else if (entity.kind().equals(EntityKinds.CA_CERTIFICATE)) {
                read(CaCertificate.class, "ca_certificates", entity, CaCertificate::id, this::add);
            } else if (entity.kind().equals(EntityKinds.SNI)) {
                read(Sni.class, "snis", entity, Sni::id, this::add);
            } else if (entity.kind().equals(EntityKinds.UPSTREAM)) {
                read(Upstream.class, "upstreams", entity, Upstream::id, upstreams::add);
            } else if (entity.kind().equals(EntityKinds.TARGET)) {
                read(Target.class, "targets", entity, Target::id, upstreams::add);
            }
        }
        return this;
    }

    void add(Implementation implementation) {
        String where = "implementations[" + implementation.id() + "]";
        ImplementationRules.check(implementation).forEach(fault -> faults.add(fault.within(where)));
        if (byVersion.put(implementation.versionId(), implementation) != null) {
            faults.add(new Violation(where, "conflict", "Its version has another implementation already"));
        }
    }

    void add(Route route) {
        String where = "routes[" + (route.name() == null ? route.id() : route.name()) + "]";
        RouteRules.check(route).forEach(fault -> faults.add(fault.within(where)));
        routes.add(route);
    }

    /** A key that is not sealed would be seen by whoever sees the snapshot. */
    private void add(Certificate certificate) {
        String where = "certificates[" + certificate.id() + "]";
        String keyAlt = certificate.keyAlt();
        if (!SealingKey.isSealed(certificate.key())) {
            faults.add(new Violation(where + ".key", "invalid", "It is not sealed"));
        }
        if (keyAlt != null && !SealingKey.isSealed(keyAlt)) {
            faults.add(new Violation(where + ".key_alt", "invalid", "It is not sealed"));
        }
        certificates.add(certificate.id());
    }

    private void add(CaCertificate authority) {
        authorities.add(authority.id());
    }

    private void add(Sni sni) {
        String where = "snis[" + sni.id() + "].name";
        try {
            if (!ServerNames.canonical(sni.name()).equals(sni.name())) {
                faults.add(new Violation(where, "invalid", "It is not in lower case without a final dot"));
            }
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(where, "pattern", String.valueOf(e.getMessage())));
        }
        if (snis.put(sni.name(), sni) != null) {
            faults.add(new Violation(where, "conflict", "There is another SNI " + sni.name()));
        }
    }

    private void checkReference(Sni sni) {
        if (!certificates.contains(sni.certificate())) {
            faults.add(missing("snis[" + sni.id() + "].certificate", "certificate", sni.certificate()));
        }
    }

    private void checkReferences(Implementation implementation) {
        String where = "implementations[" + implementation.id() + "]";
        UUID shown = implementation.clientCertificate();
        if (shown != null && !certificates.contains(shown)) {
            faults.add(missing(where + ".client_certificate", "certificate", shown));
        }
        for (int i = 0; i < implementation.caCertificates().size(); i++) {
            UUID authority = implementation.caCertificates().get(i);
            if (!authorities.contains(authority)) {
                faults.add(missing(where + ".ca_certificates[" + i + "]", "CA certificate", authority));
            }
        }
    }

    private static Violation missing(String where, String what, UUID id) {
        return new Violation(where, "not_found", "There is no " + what + " " + id + " in this runtime group");
    }

    /** @throws InvalidConfigurationException when there was any fault */
    RouteTable compile() {
        byVersion.values().forEach(this::checkReferences);
        snis.values().forEach(this::checkReference);
        Map<String, UpstreamPlan> byName = upstreams.compile();
        if (!faults.isEmpty()) {
            throw new InvalidConfigurationException(faults);
        }
        List<CompiledRoute> compiled = new ArrayList<>(routes.size());
        for (Route route : routes) {
            Implementation implementation = byVersion.get(route.versionId());
            UpstreamPlan upstream = implementation == null ? null : byName.get(implementation.host());
            compiled.add(new CompiledRoute(route, implementation, upstream));
        }
        return new RouteTable(compiled, byName.values());
    }

    private <T extends Record> void read(
            Class<T> type, String list, Entity entity, Function<T, UUID> id, Consumer<T> taker) {
        String where = list + "[" + entity.id() + "]";
        try {
            T read = ConfigJson.read(type, entity.bytes());
            if (id.apply(read).equals(entity.id())) {
                taker.accept(read);
            } else {
                faults.add(new Violation(where, "invalid", "Its id is " + id.apply(read) + " within"));
            }
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(where, "invalid", "It cannot be read: " + e.getMessage()));
        }
    }
}
