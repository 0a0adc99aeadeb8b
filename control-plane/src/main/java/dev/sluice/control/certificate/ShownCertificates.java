package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Etag;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Sni;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers: with what an entity's own tag does not count, the warnings of the day and, of a certificate, the names of
 * the SNIs that show it, which are entities of their own.
 */
final class ShownCertificates {
    /** Of names in a warning. */
    private static final int MOST_NAMED = 3;

    private final EntityStore entities;

    ShownCertificates(EntityStore entities) {
        this.entities = entities;
    }

    /**
     * Entities of the other kind that answers tell of.
     *
     * @param names of SNIs, by the certificates that they show
     * @param certificates that SNIs show, by their ids
     */
    record Beside(Map<UUID, List<String>> names, Map<UUID, ObjectNode> certificates) {
        private static final Beside NOTHING = new Beside(Map.of(), Map.of());
    }

    /** @param location of what was created; null for what was there */
    Future<Answer> answer(SqlClient client, Form form, StoredEntity stored, @Nullable String location) {
        return beside(client, form, List.of(stored)).map(beside -> {
            String etag = Etag.of(form.view(stored));
            ObjectNode shown = of(form, stored, beside, Instant.now());
            return (location == null ? Answer.ok(shown) : Answer.created(shown, location)).etag(etag);
        });
    }

    Future<Beside> beside(SqlClient client, Form form, Collection<StoredEntity> stored) {
        if (stored.isEmpty()) {
            return Future.succeededFuture(Beside.NOTHING);
        }
        return switch (form.kind()) {
            case EntityKinds.CERTIFICATE -> names(client, stored);
            case EntityKinds.SNI -> certificates(client, stored);
            default -> Future.succeededFuture(Beside.NOTHING);
        };
    }

    private Future<Beside> names(SqlClient client, Collection<StoredEntity> certificates) {
        Set<UUID> groups = new HashSet<>();
        certificates.forEach(one -> groups.add(one.groupId()));
        return entities.ofGroups(client, groups, EntityKinds.SNI).map(snis -> {
            Map<UUID, List<String>> names = new HashMap<>();
            for (StoredEntity entity : snis) {
                Sni sni = ConfigJson.read(Sni.class, entity.entity().bytes());
                names.computeIfAbsent(sni.certificate(), id -> new ArrayList<>())
                        .add(sni.name());
            }
            return new Beside(names, Map.of());
        });
    }

    private Future<Beside> certificates(SqlClient client, Collection<StoredEntity> snis) {
        Set<UUID> shown = new HashSet<>();
        snis.forEach(sni ->
                shown.add(ConfigJson.read(Sni.class, sni.entity().bytes()).certificate()));
        return entities.find(client, EntityKinds.CERTIFICATE, shown).map(found -> {
            Map<UUID, ObjectNode> certificates = new HashMap<>();
            found.forEach(one -> certificates.put(
                    one.entity().id(), ConfigJson.object(one.entity().bytes())));
            return new Beside(Map.of(), certificates);
        });
    }

    static ObjectNode of(Form form, StoredEntity stored, Beside beside, Instant now) {
        ObjectNode shown = form.shown(form.view(stored), now);
        if (form.kind().equals(EntityKinds.CERTIFICATE)) {
            List<String> names = beside.names().getOrDefault(stored.entity().id(), List.of());
            ArrayNode snis = shown.putArray("snis");
            names.forEach(snis::add);
            warnOfNames(shown, "", shown, names);
        } else if (form.kind().equals(EntityKinds.SNI)) {
            shown.putArray("warnings");
            ObjectNode certificate = beside.certificates()
                    .get(UUID.fromString(shown.path("certificate").asText()));
            if (certificate != null) {
                warnOfNames(
                        shown,
                        "certificate.",
                        certificate,
                        List.of(shown.path("name").asText()));
            }
        }
        return shown;
    }

    /** Adds what is wrong with showing a certificate to clients that ask for these server names. */
    private static void warnOfNames(ObjectNode view, String prefix, ObjectNode certificate, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        Views.facts(certificate).forEach((which, facts) -> {
            List<String> missed =
                    names.stream().filter(name -> !facts.covers(name)).toList();
            if (!missed.isEmpty()) {
                int more = missed.size() - MOST_NAMED;
                view.withArray("warnings")
                        .add(prefix + which + ": Clients that ask for "
                                + String.join(", ", missed.subList(0, Math.min(missed.size(), MOST_NAMED)))
                                + (more > 0 ? " and " + more + " more" : "") + " refuse it: it covers no such name.");
            }
        });
    }
}
