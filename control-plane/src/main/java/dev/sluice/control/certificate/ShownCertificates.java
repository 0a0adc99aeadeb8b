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
    private final EntityStore entities;

    ShownCertificates(EntityStore entities) {
        this.entities = entities;
    }

    /** @param location of what was created; null for what was there */
    Future<Answer> answer(SqlClient client, Form form, StoredEntity stored, @Nullable String location) {
        return snis(client, form, List.of(stored)).map(names -> {
            String etag = Etag.of(form.view(stored));
            ObjectNode shown = of(form, stored, names, Instant.now());
            return (location == null ? Answer.ok(shown) : Answer.created(shown, location)).etag(etag);
        });
    }

    /** Names of SNIs by the certificates that they show; empty where the form has none to show. */
    Future<Map<UUID, List<String>>> snis(SqlClient client, Form form, Collection<StoredEntity> stored) {
        if (!form.kind().equals(EntityKinds.CERTIFICATE) || stored.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        Set<UUID> groups = new HashSet<>();
        stored.forEach(one -> groups.add(one.groupId()));
        return entities.ofGroups(client, groups, EntityKinds.SNI).map(snis -> {
            Map<UUID, List<String>> names = new HashMap<>();
            for (StoredEntity entity : snis) {
                Sni sni = ConfigJson.read(Sni.class, entity.entity().bytes());
                names.computeIfAbsent(sni.certificate(), id -> new ArrayList<>())
                        .add(sni.name());
            }
            return names;
        });
    }

    static ObjectNode of(Form form, StoredEntity stored, Map<UUID, List<String>> names, Instant now) {
        ObjectNode shown = form.shown(form.view(stored), now);
        if (form.kind().equals(EntityKinds.CERTIFICATE)) {
            ArrayNode snis = shown.putArray("snis");
            names.getOrDefault(stored.entity().id(), List.of()).forEach(snis::add);
        }
        return shown;
    }
}
