package dev.sluice.runtime.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import java.util.UUID;

/** Configuration records written as short JSON. */
final class Declared {
    private Declared() {}

    static Implementation implementation(UUID version, int port, String json) {
        return implementation(version, UUID.randomUUID(), port, json);
    }

    static Implementation implementation(UUID version, UUID id, int port, String json) {
        ObjectNode node = object(json);
        if (!node.has("host")) {
            node.put("host", "127.0.0.1");
        }
        if (!node.has("protocol")) {
            node.put("protocol", "http");
        }
        node.put("port", port);
        return ConfigJson.read(Implementation.class, identified(node, version, id));
    }

    static Route route(UUID version, String json) {
        return route(version, UUID.randomUUID(), json);
    }

    static Route route(UUID version, UUID id, String json) {
        return ConfigJson.read(Route.class, identified(object(json), version, id));
    }

    static Upstream upstream(UUID id, String json) {
        ObjectNode node = object(json);
        if (!node.has("name")) {
            node.put("name", "balanced.upstream");
        }
        return ConfigJson.read(Upstream.class, node.put("id", id.toString()).put("created_at", "2026-01-01T00:00:00Z"));
    }

    static Target target(UUID upstream, UUID id, String address, String json) {
        return ConfigJson.read(
                Target.class,
                object(json)
                        .put("id", id.toString())
                        .put("upstream_id", upstream.toString())
                        .put("target", address)
                        .put("created_at", "2026-01-01T00:00:00Z"));
    }

    private static ObjectNode identified(ObjectNode node, UUID version, UUID id) {
        if (!node.has("created_at")) {
            node.put("created_at", "2026-01-01T00:00:00Z");
        }
        return node.put("id", id.toString()).put("version_id", version.toString());
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) ConfigJson.MAPPER.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
