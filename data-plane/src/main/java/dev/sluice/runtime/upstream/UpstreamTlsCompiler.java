package dev.sluice.runtime.upstream;

import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.CompiledRoute;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.tls.Identity;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        boolean asThePlatformDoes() {
            return shown == null && authorities.isEmpty() && verify && depth == null;
        }
    }

    /**
     * For each implementation that has routes, by its id, how its upstream is spoken to; none for the platform's way.
     *
     * @param keys open the private keys in the snapshot; null where this runtime has none
     * @throws InvalidConfigurationException when a key cannot be opened, or something cannot be read
     */
    public Map<UUID, UpstreamTls> compile(Snapshot snapshot, RouteTable routes, @Nullable SealingKeys keys) {
        Map<Settings, UpstreamTls> bySettings = new HashMap<>();
        Map<UUID, UpstreamTls> byImplementation = new HashMap<>();
        for (CompiledRoute route : routes.routes()) {
            Implementation implementation = route.implementation();
            if (implementation == null || !implementation.protocol().tls()) {
                continue;
            }
            Settings settings = settings(snapshot, implementation);
            if (!settings.asThePlatformDoes()) {
                UpstreamTls tls = bySettings.computeIfAbsent(settings, wanted -> {
                    UpstreamTls before = made.get(wanted);
                    return before == null ? make(wanted, keys) : before;
                });
                byImplementation.put(implementation.id(), tls);
            }
        }
        made = Map.copyOf(bySettings);
        return Map.copyOf(byImplementation);
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
