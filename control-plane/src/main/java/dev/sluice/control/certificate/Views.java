package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.certificate.CertificateFacts;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.trust.Pem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What answers have in common for both kinds of certificates. No private key is in any of it, nor its sealed form. */
final class Views {
    private Views() {}

    static ObjectNode begin(StoredEntity stored, ObjectNode fields) {
        ObjectNode view = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", stored.entity().id().toString());
        view.setAll(fields);
        return view;
    }

    static ObjectNode end(StoredEntity stored, ObjectNode view) {
        return view.put("revision", stored.revision())
                .put("created_at", stored.createdAt().toString())
                .put("updated_at", stored.updatedAt().toString());
    }

    static ObjectNode fields(StoredEntity stored, List<String> names) {
        ObjectNode present = ConfigJson.object(stored.entity().bytes()).put("runtime_group", stored.groupName());
        ObjectNode fields = ConfigJson.MAPPER.createObjectNode();
        names.forEach(name -> fields.set(name, present.get(name)));
        return fields;
    }

    /** What the first certificate of a chain says. */
    static ObjectNode details(String pem) {
        return ConfigJson.MAPPER.valueToTree(
                CertificateFacts.of(Pem.certificates(pem).get(0)));
    }

    /** Adds what there is to be said at this time of the certificates of a view. */
    static ObjectNode warned(ObjectNode view, Instant now) {
        ArrayNode warnings = view.putArray("warnings");
        facts(view).forEach((which, facts) -> {
            String warning = facts.warning(now);
            if (warning != null) {
                warnings.add(which + ": " + warning);
            }
        });
        return view;
    }

    /** Of the one or two certificates in a view or an entity, by their fields. */
    static Map<String, CertificateFacts> facts(ObjectNode certificate) {
        Map<String, CertificateFacts> facts = new LinkedHashMap<>();
        for (String which : List.of("cert", "cert_alt")) {
            if (certificate.path(which).isTextual()) {
                String pem = certificate.path(which).asText();
                facts.put(which, CertificateFacts.of(Pem.certificates(pem).get(0)));
            }
        }
        return facts;
    }
}
