package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How implementations name certificates of their own runtime group: by id or name; what is stored is the id. */
public final class CertificateReferences {
    private CertificateReferences() {}

    /**
     * Puts ids in the place of names, in {@code client_certificate} and {@code ca_certificates}. What names nothing is
     * told, and taken out.
     *
     * @param fields of an implementation, changed in place
     * @param head content of its group
     */
    public static void resolve(ObjectNode fields, Snapshot head, List<Violation> violations) {
        JsonNode shown = fields.path("client_certificate");
        if (shown.isTextual()) {
            UUID id = certificate(shown.asText(), "client_certificate", head, violations);
            fields.put("client_certificate", id == null ? null : id.toString());
        }
        JsonNode trusted = fields.path("ca_certificates");
        if (trusted.isArray()) {
            Set<UUID> ids = new LinkedHashSet<>();
            for (int i = 0; i < trusted.size(); i++) {
                String field = "ca_certificates[" + i + "]";
                UUID id = find(trusted.get(i).asText(), EntityKinds.CA_CERTIFICATE, head);
                if (id == null) {
                    violations.add(
                            missing(field, "CA certificate", trusted.get(i).asText(), head));
                } else if (!ids.add(id)) {
                    violations.add(new Violation(field, "invalid", "names one that is in the list already"));
                }
            }
            ArrayNode stored = fields.putArray("ca_certificates");
            ids.forEach(id -> stored.add(id.toString()));
        }
    }

    /**
     * Certificates stay in their group when a version goes to another.
     *
     * @param version as people know it
     * @throws ConflictException that says what to do, when the implementation names any
     */
    public static void refuseMove(Entity implementation, String version, String group) {
        Implementation moving = ConfigJson.read(Implementation.class, implementation.bytes());
        if (moving.clientCertificate() != null || !moving.caCertificates().isEmpty()) {
            throw new ConflictException("The implementation of " + version + " names certificates of runtime group '"
                    + group + "' (client_certificate or ca_certificates), and these stay there. Take them out of the"
                    + " implementation, move the version, then name certificates of its new group.");
        }
    }

    /** The id of a certificate that is named by id or name; null, and a violation, when there is none. */
    static @Nullable UUID certificate(String text, String field, Snapshot head, List<Violation> violations) {
        UUID id = find(text, EntityKinds.CERTIFICATE, head);
        if (id == null) {
            violations.add(missing(field, "certificate", text, head));
        }
        return id;
    }

    private static @Nullable UUID find(String text, String kind, Snapshot head) {
        IdOrName named = IdOrName.parse(text);
        UUID id = named.id();
        if (id != null) {
            return head.find(new EntityKey(kind, id)) == null ? null : id;
        }
        for (Entity entity : head.entities()) {
            if (entity.kind().equals(kind)
                    && ConfigJson.object(entity.bytes()).path("name").asText().equals(text)) {
                return entity.id();
            }
        }
        return null;
    }

    private static Violation missing(String field, String noun, String text, Snapshot head) {
        return new Violation(
                field,
                "not_found",
                "There is no " + noun + " " + IdOrName.parse(text) + " in runtime group '" + head.group() + "'.");
    }
}
