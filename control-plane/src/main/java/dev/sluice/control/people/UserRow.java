package dev.sluice.control.people;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Grants;
import dev.sluice.control.http.Position;
import dev.sluice.model.config.ConfigJson;
import java.time.Instant;
import java.util.UUID;

/** A user, without the password. */
record UserRow(UUID id, String name, boolean disabled, Grants grants, Instant createdAt, Instant updatedAt) {
    ObjectNode view() {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode().put("id", id.toString());
        view.setAll(fields());
        return view.put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString());
    }

    /** The fields that may be written, but for the password. */
    ObjectNode fields() {
        ObjectNode fields =
                ConfigJson.MAPPER.createObjectNode().put("name", name).put("disabled", disabled);
        fields.set("grants", GrantStore.view(grants));
        return fields;
    }

    String key() {
        return new Position(createdAt, id).key();
    }
}
