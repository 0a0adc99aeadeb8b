package dev.sluice.runtime.upstream;

import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.HealthChecks.Active;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.CompiledRoute;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.routing.UpstreamPlan;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.tls.Identity;
import dev.sluice.runtime.tls.ShownIdentity;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a snapshot what TLS towards its upstreams needs: opens private keys, reads certificates. Once for a snapshot,
 * on a worker thread; one thread at a time. What it made for the snapshot before is taken over where it is the same.
 */
public final class UpstreamTlsCompiler {
    private Map<Settings, UpstreamTls> made = Map.of();

    /** All that makes a difference. Private keys are in it as they are in the snapshot, sealed. */
    private record Settings(
            @Nullable Certificate shown,
            List<String> authorities,
            boolean verify,
            @Nullable Integer depth) {
        /** The platform's way. */
        static final Settings PLATFORM = new Settings(null, List.of(), true, null);

        Settings verifying(boolean wanted) {
            return new Settings(shown, authorities, wanted, depth);
        }
    }

    /**
     * How TLS is spoken; none for the platform's way.
     *
     * @param implementations to the upstreams of implementations that have routes, by the ids of these
     * @param checks to the targets of upstreams whose health is checked by TLS, by the ids of the upstreams
     */
    public record Compiled(Map<UUID, UpstreamTls> implementations, Map<UUID, UpstreamTls> checks) {
        public Compiled {
            implementations = Map.copyOf(implementations);
            checks = Map.copyOf(checks);
        }
    }

    /**
     * Checks trust the authorities that requests trust, and show the certificate that these show, where the implementations
     * that name the upstream are of one mind. Whether they verify at all their upstream says.
     *
     * @param keys open the private keys in the snapshot; null where this runtime has none
     * @throws InvalidConfigurationException when a key cannot be opened, or something cannot be read
     */
    public Compiled compile(Snapshot snapshot, RouteTable routes, @Nullable SealingKeys keys) {
        Map<UUID, Settings> implementations = new HashMap<>();
        Map<UUID, Set<Settings>> requests = new HashMap<>();
        for (CompiledRoute route : routes.routes()) {
            Implementation implementation = route.implementation();
            if (implementation == null || !implementation.protocol().tls()) {
                continue;
            }
            Settings settings = settings(snapshot, implementation);
            implementations.put(implementation.id(), settings);
            UpstreamPlan upstream = route.upstream();
            if (upstream != null) {
                requests.computeIfAbsent(upstream.upstream().id(), id -> new HashSet<>())
                        .add(settings.verifying(true));
            }
        }
        Map<UUID, Settings> checks = new HashMap<>();
        for (UpstreamPlan upstream : routes.upstreams()) {
            UUID id = upstream.upstream().id();
            Active active = upstream.upstream().healthchecks().active();
            if (active.type().tls()) {
                Set<Settings> minds = requests.getOrDefault(id, Set.of());
                Settings one = minds.size() == 1 ? minds.iterator().next() : Settings.PLATFORM;
                checks.put(id, one.verifying(active.httpsVerifyCertificate()));
            }
        }
        Map<Settings, UpstreamTls> bySettings = new HashMap<>();
        Compiled compiled = new Compiled(made(implementations, bySettings, keys), made(checks, bySettings, keys));
        made = Map.copyOf(bySettings);
        return compiled;
    }

    private Map<UUID, UpstreamTls> made(
            Map<UUID, Settings> wanted, Map<Settings, UpstreamTls> bySettings, @Nullable SealingKeys keys) {
        Map<UUID, UpstreamTls> byId = new HashMap<>();
        wanted.forEach((id, settings) -> {
            if (!settings.equals(Settings.PLATFORM)) {
                byId.put(id, bySettings.computeIfAbsent(settings, missing -> {
                    UpstreamTls before = made.get(missing);
                    return before == null ? make(missing, keys) : before;
                }));
            }
        });
        return byId;
    }

    private static Settings settings(Snapshot snapshot, Implementation implementation) {
        UUID shown = implementation.clientCertificate();
        List<String> authorities = new ArrayList<>();
        for (UUID id : implementation.caCertificates()) {
            authorities.add(read(snapshot, EntityKinds.CA_CERTIFICATE, id, CaCertificate.class)
                    .cert());
        }
        return new Settings(
                shown == null ? null : withoutNames(read(snapshot, EntityKinds.CERTIFICATE, shown, Certificate.class)),
                authorities,
                !Boolean.FALSE.equals(implementation.tlsVerify()),
                implementation.tlsVerifyDepth());
    }

    /** Names and tags make no difference. */
    private static Certificate withoutNames(Certificate certificate) {
        return new Certificate(
                certificate.id(),
                certificate.createdAt(),
                null,
                certificate.cert(),
                certificate.key(),
                certificate.certAlt(),
                certificate.keyAlt(),
                List.of());
    }

    private static <T extends Record> T read(Snapshot snapshot, String kind, UUID id, Class<T> type) {
        Entity entity = snapshot.find(new EntityKey(kind, id));
        if (entity == null) {
            throw new InvalidConfigurationException(
                    List.of(new Violation(kind + "s[" + id + "]", "invalid", "It is not in the snapshot")));
        }
        return ConfigJson.read(type, entity.bytes());
    }

    private static UpstreamTls make(Settings settings, @Nullable SealingKeys keys) {
        ClientSSLOptions options = new ClientSSLOptions();
        if (settings.shown() != null) {
            options.setKeyCertOptions(KeyCertOptions.wrap(new ShownIdentity(Identity.open(settings.shown(), keys))));
        }
        if (!settings.verify()) {
            // Not trustAll: that one leaves no trace in what Vert.x compares when it looks for a connection to use
            // again.
            options.setHostnameVerificationAlgorithm("").setTrustOptions(TrustOptions.wrap(new EverybodyTrusted()));
        } else {
            options.setHostnameVerificationAlgorithm("HTTPS");
            if (!settings.authorities().isEmpty() || settings.depth() != null) {
                options.setTrustOptions(
                        TrustOptions.wrap(AuthoritiesTrusted.of(settings.authorities(), settings.depth())));
            }
        }
        return new UpstreamTls(options);
    }
}
