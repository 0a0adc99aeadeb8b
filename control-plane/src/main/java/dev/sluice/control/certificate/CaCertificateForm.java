package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.certificate.CertificateRules;
import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Certificate authorities. */
final class CaCertificateForm implements Form {
    private static final List<String> SHOWN = List.of("name", "runtime_group", "cert", "tags");

    private final Vertx vertx;

    CaCertificateForm(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public String kind() {
        return EntityKinds.CA_CERTIFICATE;
    }

    @Override
    public String noun() {
        return "CA certificate";
    }

    @Override
    public String path() {
        return "/v1/ca_certificates";
    }

    @Override
    public Set<String> secrets() {
        return Set.of();
    }

    @Override
    public Future<Draft> draft(
            ConfigTransaction transaction, Slot slot, ObjectNode fields, @Nullable StoredEntity present) {
        Snapshot head = transaction.head(slot.groupId());
        return vertx.executeBlocking(() -> draft(slot, fields, head), false);
    }

    @Override
    public ObjectNode view(StoredEntity stored) {
        ObjectNode entity = ConfigJson.object(stored.entity().bytes());
        ObjectNode view = Views.begin(stored, fields(stored));
        view.set("cert_digest", entity.path("cert_digest"));
        view.set("details", Views.details(entity.path("cert").asText()));
        return Views.end(stored, view);
    }

    @Override
    public ObjectNode fields(StoredEntity stored) {
        return Views.fields(stored, SHOWN);
    }

    private static Draft draft(Slot slot, ObjectNode fields, Snapshot head) {
        List<Violation> faults = new ArrayList<>();
        X509Certificate certificate = null;
        if (fields.hasNonNull("cert")) {
            certificate = CertificateRules.authority("cert", fields.path("cert").asText(), faults);
        } else {
            faults.add(new Violation("cert", "required", "is required: the certificate in PEM"));
        }
        if (certificate == null) {
            throw new InvalidConfigurationException(faults);
        }
        ObjectNode complete = fields.deepCopy();
        complete.put("id", slot.id().toString())
                .put("created_at", slot.createdAt().toString());
        complete.put("cert", Pem.write(certificate)).put("cert_digest", Fingerprints.of(certificate));
        CaCertificate authority = ConfigJson.read(CaCertificate.class, complete);
        refuseSecond(authority, head);
        return new Draft(
                Entity.of(EntityKinds.CA_CERTIFICATE, authority.id(), ConfigJson.bytes(authority)),
                new EntityFacts(null, authority.name(), authority.tags(), authority.createdAt()));
    }

    private static void refuseSecond(CaCertificate authority, Snapshot head) {
        for (Entity entity : head.entities()) {
            if (entity.kind().equals(EntityKinds.CA_CERTIFICATE)
                    && !entity.id().equals(authority.id())
                    && ConfigJson.object(entity.bytes())
                            .path("cert_digest")
                            .asText()
                            .equals(authority.certDigest())) {
                throw new ConflictException("The runtime group '" + head.group() + "' has this CA certificate already, "
                        + entity.id() + ". Name that one instead.");
            }
        }
    }
}
