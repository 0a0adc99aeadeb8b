package dev.sluice.control.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.http.Position;
import dev.sluice.model.config.ConfigJson;
import java.time.Instant;
import java.util.UUID;

/**
 * A service.
 *
 * @param labels names to values
 * @param versions {@code [{"id", "name"}]}, the oldest first
 */
record ServiceRow(
        UUID id,
        String name,
        String description,
        JsonNode labels,
        JsonNode versions,
        Instant createdAt,
        Instant updatedAt) {

    ObjectNode view() {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("id", id.toString());
        view.setAll(fields());
        view.set("versions", versions);
        view.put("created_at", createdAt.toString());
        view.put("updated_at", updatedAt.toString());
        return view;
    }

    /** The fields that may be written. */
    ObjectNode fields() {
        ObjectNode fields =
                ConfigJson.MAPPER.createObjectNode().put("name", name).put("description", description);
        fields.set("labels", labels);
        return fields;
    }

    String key() {
        return new Position(createdAt, id).key();
    }
}
