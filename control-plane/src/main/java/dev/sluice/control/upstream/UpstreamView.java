package dev.sluice.control.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Upstream;

/** An upstream as answers show it. */
final class UpstreamView {
    private UpstreamView() {}

    static ObjectNode of(StoredEntity stored) {
        ObjectNode view = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", stored.entity().id().toString());
        view.setAll(fields(stored));
        return view.put("revision", stored.revision())
                .put("created_at", stored.createdAt().toString())
                .put("updated_at", stored.updatedAt().toString());
    }

    /** The fields that may be written, in the order of the contract. */
    static ObjectNode fields(StoredEntity stored) {
        ObjectNode present = ConfigJson.completed(
                Upstream.class, ConfigJson.object(stored.entity().bytes()));
        ObjectNode fields = ConfigJson.MAPPER.createObjectNode();
        fields.set("name", present.path("name"));
        fields.put("runtime_group", stored.groupName());
        ConfigJson.defaultsOf(Upstream.class)
                .fieldNames()
                .forEachRemaining(field -> fields.set(field, present.path(field)));
        return fields;
    }
}
