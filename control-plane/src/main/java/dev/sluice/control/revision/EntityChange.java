package dev.sluice.control.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How one entity differs between two revisions.
 *
 * @param before null when it was created
 * @param after null when it was deleted
 */
record EntityChange(
        EntityKey key, @Nullable Entity before, @Nullable Entity after) {
    /** What differs, in order of the keys. */
    static List<EntityChange> between(Snapshot from, Snapshot to) {
        Map<EntityKey, Entity> before = new TreeMap<>();
        from.entities().forEach(entity -> before.put(entity.key(), entity));
        Map<EntityKey, EntityChange> changes = new TreeMap<>();
        for (Entity after : to.entities()) {
            Entity was = before.remove(after.key());
            if (was == null || !was.hasSameBytes(after)) {
                changes.put(after.key(), new EntityChange(after.key(), was, after));
            }
        }
        before.forEach((key, gone) -> changes.put(key, new EntityChange(key, gone, null)));
        return new ArrayList<>(changes.values());
    }

    /** All that a write changes, first what it said itself, then what its groups' next revisions change. */
    static List<AuditChange> audited(ConfigTransaction transaction, List<Candidate> candidates) {
        List<AuditChange> all = new ArrayList<>(transaction.changes());
        for (Candidate candidate : candidates) {
            Map<EntityKey, EntityChange> changes = new LinkedHashMap<>();
            Snapshot head = candidate.base().snapshot();
            candidate.written().forEach(staged -> {
                EntityKey key = staged.entity().key();
                changes.put(key, new EntityChange(key, head.find(key), staged.entity()));
            });
            candidate.ended().forEach(key -> changes.putIfAbsent(key, new EntityChange(key, head.find(key), null)));
            changes.values().forEach(change -> all.add(change.audited()));
        }
        return all;
    }

    private AuditChange audited() {
        return new AuditChange(
                key.kind(),
                key.id(),
                json().path("name").asText(null),
                json(before) instanceof ObjectNode was ? was : null,
                json(after) instanceof ObjectNode is ? is : null);
    }

    /**
     * {@code kind id name change before after}, the last two as JSON objects or null. Of a sealed value they say only
     * that it is one, and whether it changed.
     */
    ObjectNode json() {
        JsonNode was = json(before);
        JsonNode is = json(after);
        coverSealed(was, is);
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("kind", key.kind())
                .put("id", key.id().toString());
        json.set(
                "name",
                Objects.requireNonNull(after == null ? was : is).path("name").deepCopy());
        if (!json.path("name").isTextual()) {
            json.putNull("name");
        }
        json.put("change", before == null ? "created" : after == null ? "deleted" : "updated");
        json.set("before", was);
        json.set("after", is);
        return json;
    }

    private static void coverSealed(JsonNode was, JsonNode is) {
        Set<String> sealed = new TreeSet<>();
        for (JsonNode side : List.of(was, is)) {
            side.properties().forEach(field -> {
                if (SealingKey.isSealed(field.getValue().asText())) {
                    sealed.add(field.getKey());
                }
            });
        }
        for (String field : sealed) {
            ObjectNode told = ConfigJson.MAPPER
                    .createObjectNode()
                    .put("sealed", true)
                    .put("changed", !was.path(field).equals(is.path(field)));
            for (JsonNode side : List.of(was, is)) {
                if (side instanceof ObjectNode object
                        && SealingKey.isSealed(object.path(field).asText())) {
                    object.set(field, told);
                }
            }
        }
    }

    private static JsonNode json(@Nullable Entity entity) {
        return entity == null ? ConfigJson.MAPPER.nullNode() : ConfigJson.object(entity.bytes());
    }
}
