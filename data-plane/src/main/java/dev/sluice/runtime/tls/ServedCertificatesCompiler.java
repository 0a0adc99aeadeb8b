package dev.sluice.runtime.tls;

import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Sni;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a snapshot the certificates that clients are shown. Once for a snapshot, on a worker thread; one thread at a
 * time. A set that is the same as the one before stays, with its TLS sessions.
 */
public final class ServedCertificatesCompiler {
    private Map<String, Certificate> declared = Map.of();
    private ServedCertificates made = ServedCertificates.of(Map.of());

    /**
     * @param keys open the private keys in the snapshot; null where this runtime has none
     * @throws InvalidConfigurationException when a key cannot be opened, or something cannot be read
     */
    public ServedCertificates compile(Snapshot snapshot, @Nullable SealingKeys keys) {
        Map<String, Certificate> wanted = new HashMap<>();
        for (Entity entity : snapshot.entities()) {
            if (entity.kind().equals(EntityKinds.SNI)) {
                Sni sni = ConfigJson.read(Sni.class, entity.bytes());
                wanted.put(sni.name(), certificate(snapshot, sni));
            }
        }
        if (!wanted.equals(declared)) {
            made = make(wanted, keys);
            declared = wanted;
        }
        return made;
    }

    private static ServedCertificates make(Map<String, Certificate> wanted, @Nullable SealingKeys keys) {
        Map<UUID, ServedCertificate> opened = new HashMap<>();
        Map<String, ServedCertificate> byName = new HashMap<>();
        wanted.forEach((name, certificate) -> byName.put(
                name,
                opened.computeIfAbsent(
                        certificate.id(),
                        id -> new ServedCertificate(id, certificate.name(), Identity.open(certificate, keys)))));
        return ServedCertificates.of(byName);
    }

    private static Certificate certificate(Snapshot snapshot, Sni sni) {
        Entity entity = snapshot.find(new EntityKey(EntityKinds.CERTIFICATE, sni.certificate()));
        if (entity == null) {
            throw new InvalidConfigurationException(List.of(
                    new Violation("snis[" + sni.id() + "].certificate", "not_found", "It is not in the snapshot")));
        }
        return ConfigJson.read(Certificate.class, entity.bytes());
    }
}
