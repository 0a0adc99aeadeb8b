package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.seal.ContentKeys;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Certificates with private keys. */
final class CertificateForm implements Form {
    private static final List<String> SHOWN = List.of("name", "runtime_group", "cert", "cert_alt", "tags");

    private final Vertx vertx;
    private final ContentKeys contentKeys;

    CertificateForm(Vertx vertx, ContentKeys contentKeys) {
        this.vertx = vertx;
        this.contentKeys = contentKeys;
    }

    @Override
    public String kind() {
        return EntityKinds.CERTIFICATE;
    }

    @Override
    public String noun() {
        return "certificate";
    }

    @Override
    public String path() {
        return "/v1/certificates";
    }

    @Override
    public Set<String> secrets() {
        return Set.of("key", "key_alt");
    }

    @Override
    public Future<Draft> draft(
            ConfigTransaction transaction, Slot slot, ObjectNode fields, @Nullable StoredEntity present) {
        return contentKeys
                .of(transaction.connection(), slot.groupId())
                .compose(keys -> vertx.executeBlocking(
                        () -> {
                            Certificate before = present == null
                                    ? null
                                    : ConfigJson.read(
                                            Certificate.class, present.entity().bytes());
                            return draft(CertificateRequest.read(fields, slot, before, keys));
                        },
                        false));
    }

    @Override
    public List<Draft> alongside(ConfigTransaction transaction, Slot slot, Draft draft, ObjectNode fields) {
        List<String> names = new ArrayList<>();
        fields.path("snis").forEach(name -> names.add(name.asText()));
        return SniForm.of(draft, slot.createdAt(), names, transaction.head(slot.groupId()));
    }

    @Override
    public ObjectNode view(StoredEntity stored) {
        ObjectNode entity = ConfigJson.object(stored.entity().bytes());
        ObjectNode details = Views.details(entity.path("cert").asText());
        ObjectNode view = Views.begin(stored, fields(stored));
        view.set("details", details);
        view.set(
                "details_alt",
                entity.hasNonNull("cert_alt")
                        ? Views.details(entity.path("cert_alt").asText())
                        : null);
        return Views.end(stored, view);
    }

    @Override
    public ObjectNode fields(StoredEntity stored) {
        return Views.fields(stored, SHOWN);
    }

    private static Draft draft(Certificate certificate) {
        return new Draft(
                Entity.of(EntityKinds.CERTIFICATE, certificate.id(), ConfigJson.bytes(certificate)),
                new EntityFacts(null, certificate.name(), certificate.tags(), certificate.createdAt()));
    }
}
