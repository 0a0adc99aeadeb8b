package dev.sluice.control.certificate;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who uses a certificate. */
final class Referrers {
    private static final int MOST_NAMED = 10;

    private final OwnerStore owners;

    Referrers(OwnerStore owners) {
        this.owners = owners;
    }

    /** Fails with {@link ConflictException} naming the SNIs, or else the implementations, of the locked group that use it. */
    Future<Void> refuse(ConfigTransaction transaction, Caller caller, StoredEntity certificate, String noun) {
        Map<UUID, String> fieldOfVersion = new TreeMap<>();
        UUID id = certificate.entity().id();
        refuseShown(certificate, noun, transaction.head(certificate.groupId()));
        for (Entity entity : transaction.head(certificate.groupId()).entities()) {
            if (entity.kind().equals(EntityKinds.IMPLEMENTATION)) {
                Implementation implementation = ConfigJson.read(Implementation.class, entity.bytes());
                if (id.equals(implementation.clientCertificate())) {
                    fieldOfVersion.put(implementation.versionId(), "client_certificate");
                } else if (implementation.caCertificates().contains(id)) {
                    fieldOfVersion.put(implementation.versionId(), "ca_certificates");
                }
            }
        }
        if (fieldOfVersion.isEmpty()) {
            return Future.succeededFuture();
        }
        List<UUID> named = fieldOfVersion.keySet().stream().limit(MOST_NAMED).toList();
        return owners.byId(transaction.connection(), caller, named).compose(byId -> {
            String users = named.stream()
                    .map(version -> label(version, byId) + " (" + fieldOfVersion.get(version) + ")")
                    .collect(Collectors.joining(", "));
            int more = fieldOfVersion.size() - named.size();
            return Future.failedFuture(new ConflictException("The " + noun + " " + certificate.label()
                    + " is used by the implementation of " + users + (more == 0 ? "" : " and " + more + " more")
                    + ". Take it out of there first."));
        });
    }

    private static void refuseShown(StoredEntity certificate, String noun, Snapshot head) {
        List<String> names = SniForm.showing(certificate.entity().id(), head.entities());
        if (!names.isEmpty()) {
            int more = names.size() - MOST_NAMED;
            throw new ConflictException("The " + noun + " " + certificate.label() + " is shown by the SNIs "
                    + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                    + (more > 0 ? " and " + more + " more" : "")
                    + ". Delete them, or let them show another one first.");
        }
    }

    private static String label(UUID version, Map<UUID, Owner> byId) {
        Owner owner = byId.get(version);
        return owner == null ? "version " + version : owner.label();
    }
}
