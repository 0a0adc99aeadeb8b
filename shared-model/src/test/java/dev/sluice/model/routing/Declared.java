package dev.sluice.model.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Routes, implementations and requests for tests, in few words. Fields are JSON with single quotes. */
final class Declared {
    static final UUID VERSION = id("version");
    static final String OLDEST = "2026-01-01T00:00:00Z";

    private Declared() {}

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static Route route(String name, String fields) {
        ObjectNode json = json(fields);
        if (!json.has("id")) {
            json.put("id", id(name).toString());
        }
        if (!json.has("created_at")) {
            json.put("created_at", OLDEST);
        }
        return ConfigJson.read(
                Route.class, json.put("version_id", VERSION.toString()).put("name", name));
    }

    static Implementation implementation(String fields) {
        ObjectNode json = json("{'protocol':'http','host':'echo','port':80}")
                .put("id", id("implementation").toString())
                .put("version_id", VERSION.toString())
                .put("created_at", OLDEST);
        json.setAll(json(fields));
        return ConfigJson.read(Implementation.class, json);
    }

    static RouteTable table(Route... routes) {
        return RouteTable.compile(List.of(implementation("{}")), List.of(routes));
    }

    /** The name of the route that takes this request, or null. */
    static @Nullable String winner(RouteTable table, RequestView request) {
        RouteMatch match = table.match(request);
        return match == null ? null : match.target().route().name();
    }

    /** The match of a request that a route takes. */
    static RouteMatch match(RouteTable table, RequestView request) {
        return Objects.requireNonNull(table.match(request), () -> "no route takes " + request);
    }

    /** A request from a URL without query; headers as name, value, name, value. */
    static RequestDescription request(String method, String url, String... headers) {
        boolean tls = url.startsWith("https:");
        String rest = url.substring(url.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        String authority = rest.substring(0, slash);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        Map<String, List<String>> byName = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            byName.computeIfAbsent(headers[i], name -> new ArrayList<>()).add(headers[i + 1]);
        }
        return new RequestDescription(
                method,
                tls,
                host.isEmpty() ? null : host,
                hasPort ? Integer.parseInt(authority.substring(colon + 1)) : -1,
                PathNormalizer.normalize(rest.substring(slash)),
                tls && !host.isEmpty() ? host : null,
                byName);
    }

    static RequestDescription get(String url, String... headers) {
        return request("GET", url, headers);
    }

    private static ObjectNode json(String fields) {
        return ConfigJson.object(fields.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
