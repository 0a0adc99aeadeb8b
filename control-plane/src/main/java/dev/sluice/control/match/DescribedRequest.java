package dev.sluice.control.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.PathNormalizer;
import dev.sluice.model.routing.RequestDescription;
import dev.sluice.model.settings.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that a caller describes.
 *
 * @param query from the first {@code ?} on; empty where there is none
 */
record DescribedRequest(RequestDescription request, String query) {
    /** @param body valid by the contract */
    static DescribedRequest read(ObjectNode body) {
        boolean tls = body.path("scheme").asText("http").equals("https");
        HostPort host = host(body.path("host"), tls ? 443 : 80);
        String target = body.path("path").asText();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String named = body.path("sni").asText(null);
        String sni = named != null || host == null ? named : host.host();
        return new DescribedRequest(
                new RequestDescription(
                        body.path("method").asText("GET"),
                        tls,
                        host == null ? null : host.host(),
                        host == null ? (tls ? 443 : 80) : host.port(),
                        PathNormalizer.normalize(path),
                        tls ? sni : null,
                        headers(body.path("headers"))),
                question < 0 ? "" : target.substring(question));
    }

    private static @Nullable HostPort host(JsonNode host, int defaultPort) {
        if (!host.isTextual() || host.asText().isEmpty()) {
            return null;
        }
        String text = host.asText();
        boolean hasPort = text.startsWith("[") ? text.indexOf("]:") > 0 : text.indexOf(':') >= 0;
        try {
            return HostPort.parse(hasPort ? text : text + ":" + defaultPort);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(List.of(
                    new Violation("host", "invalid", "must be a host with an optional port, such as a.example:8080.")));
        }
    }

    private static Map<String, List<String>> headers(JsonNode headers) {
        Map<String, List<String>> read = new HashMap<>();
        headers.properties().forEach(entry -> {
            List<String> values = new ArrayList<>();
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(value -> values.add(value.asText()));
            } else {
                values.add(entry.getValue().asText());
            }
            read.put(entry.getKey(), values);
        });
        return read;
    }
}
