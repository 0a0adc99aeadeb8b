package dev.sluice.control.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Target;
import java.util.List;

/** A target as answers show it. */
final class TargetView {
    private static final List<String> WRITABLE = List.of("target", "weight", "tags");

    private TargetView() {}

    static ObjectNode of(StoredEntity stored, StoredEntity upstream) {
        ObjectNode present = present(stored);
        ObjectNode view = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", stored.entity().id().toString());
        view.setAll(fields(stored));
        view.set("unhealthy", present.path("unhealthy"));
        view.set("health_set_at", present.path("health_set_at"));
        view.putObject("upstream").put("id", upstream.entity().id().toString()).put("name", upstream.name());
        return view.put("runtime_group", stored.groupName())
                .put("revision", stored.revision())
                .put("created_at", stored.createdAt().toString())
                .put("updated_at", stored.updatedAt().toString());
    }

    /** The fields that may be written, in the order of the contract. */
    static ObjectNode fields(StoredEntity stored) {
        ObjectNode present = present(stored);
        ObjectNode fields = ConfigJson.MAPPER.createObjectNode();
        WRITABLE.forEach(field -> fields.set(field, present.path(field)));
        return fields;
    }

    private static ObjectNode present(StoredEntity stored) {
        return ConfigJson.completed(
                Target.class, ConfigJson.object(stored.entity().bytes()));
    }
}
