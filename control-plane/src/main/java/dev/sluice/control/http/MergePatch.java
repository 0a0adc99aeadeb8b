package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396). */
final class MergePatch {
    private MergePatch() {}

    /** The target as the patch makes it; neither is changed. */
    static ObjectNode apply(JsonNode target, ObjectNode patch) {
        ObjectNode merged =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        patch.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                merged.remove(name);
            } else if (value instanceof ObjectNode nested) {
                merged.set(name, apply(merged.path(name), nested));
            } else {
                merged.set(name, value);
            }
        });
        return merged;
    }
}
