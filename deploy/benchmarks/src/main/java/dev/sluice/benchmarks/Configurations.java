package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Configurations of any size, each route with an implementation of its own. */
final class Configurations {
    private static final String CREATED_AT = "2026-01-01T00:00:00Z";

    private Configurations() {}

    static String prefixOf(int i) {
        return "/team-" + i % 37 + "/service-" + i;
    }

    static String hostOf(int i) {
        return "service-" + i + ".example.com";
    }

    static List<Route> prefixRoutes(int count) {
        return routes(count, i -> withPath(i, prefixOf(i)));
    }

    static List<Route> hostAndPrefixRoutes(int count) {
        return routes(count, i -> {
            ObjectNode json = withPath(i, "/v1");
            json.putArray("hosts").add(hostOf(i));
            return json;
        });
    }

    /** Expressions that begin with literal text, by which the index can tell them apart. */
    static List<Route> regexRoutes(int count) {
        return routes(count, i -> withPath(i, "~" + prefixOf(i) + "/[0-9]+$"));
    }

    /** Expressions that have nothing literal in front: every one of them must be tried. */
    static List<Route> openRegexRoutes(int count) {
        return routes(count, i -> withPath(i, "~/[a-z0-9-]+/service-" + i + "/[0-9]+$"));
    }

    static List<Implementation> implementations(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    ObjectNode json = identity(i).put("protocol", "http").put("host", hostOf(i));
                    return ConfigJson.read(Implementation.class, json.put("port", 8080));
                })
                .toList();
    }

    static List<Entity> entities(int count) {
        List<Entity> entities = new ArrayList<>();
        implementations(count)
                .forEach(implementation -> entities.add(
                        Entity.of(EntityKinds.IMPLEMENTATION, implementation.id(), ConfigJson.bytes(implementation))));
        prefixRoutes(count)
                .forEach(route -> entities.add(Entity.of(EntityKinds.ROUTE, route.id(), ConfigJson.bytes(route))));
        return entities;
    }

    private static List<Route> routes(int count, IntFunction<ObjectNode> json) {
        return IntStream.range(0, count)
                .mapToObj(i -> ConfigJson.read(Route.class, json.apply(i)))
                .toList();
    }

    private static ObjectNode withPath(int i, String path) {
        ObjectNode json = identity(i).put("name", "route-" + i);
        json.putArray("paths").add(path);
        return json;
    }

    private static ObjectNode identity(int i) {
        String id = new UUID(i, i).toString();
        return ConfigJson.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("version_id", id)
                .put("created_at", CREATED_AT);
    }
}
