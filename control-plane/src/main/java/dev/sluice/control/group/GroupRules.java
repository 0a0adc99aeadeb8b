package dev.sluice.control.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.group.RuntimeGroup.GroupFields;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a runtime group may be, beyond the contract. */
final class GroupRules {
    private GroupRules() {}

    /**
     * Reads the fields of a body; absent ones get their defaults.
     *
     * @param name for a body without one
     * @throws InvalidConfigurationException naming what is wrong
     */
    static GroupFields read(ObjectNode body, @Nullable String name) {
        String given = text(body, "name");
        String chosen = given == null ? name : given;
        if (chosen == null) {
            throw invalid("name", "required", "is missing: a runtime group has a name.");
        }
        String description = text(body, "description");
        String proxyUrl = text(body, "proxy_url");
        if (proxyUrl != null) {
            checkProxyUrl(proxyUrl);
        }
        Map<String, String> labels = new TreeMap<>();
        body.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new GroupFields(chosen, description == null ? "" : description, labels, proxyUrl);
    }

    /** The default group keeps its name: runtimes without a setting look for it. */
    static void checkRename(RuntimeGroup group, GroupFields fields) {
        if (group.name().equals(RuntimeGroup.DEFAULT) && !fields.name().equals(RuntimeGroup.DEFAULT)) {
            throw new ConflictException("The runtime group 'default' cannot be renamed: runtimes without a setting"
                    + " serve it. Create another group instead.");
        }
    }

    /**
     * A group that is deleted takes its history with it, so a private key would be gone for good.
     *
     * @param versions that belong to the group, as people know them
     * @param belongings likewise: certificates and upstreams
     */
    static void checkDelete(RuntimeGroup group, List<String> versions, List<String> belongings) {
        if (group.name().equals(RuntimeGroup.DEFAULT)) {
            throw new ConflictException("The runtime group 'default' cannot be deleted: there is always one.");
        }
        if (!versions.isEmpty()) {
            throw new ConflictException("Versions belong to runtime group '" + group.name() + "': "
                    + String.join(", ", versions) + ". Delete them or move them to another group first.");
        }
        if (!belongings.isEmpty()) {
            throw new ConflictException("These belong to runtime group '" + group.name() + "': "
                    + String.join(", ", belongings) + ". Delete them first.");
        }
    }

    private static void checkProxyUrl(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw invalid("proxy_url", "invalid", "must be an http or https URL with a host.");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
                throw invalid(
                        "proxy_url", "invalid", "must have no user, query or fragment: paths are appended to it.");
            }
        } catch (URISyntaxException e) {
            throw invalid("proxy_url", "invalid", "is no URL: " + e.getReason() + ".");
        }
    }

    private static @Nullable String text(ObjectNode body, String field) {
        JsonNode value = body.path(field);
        return value.isTextual() ? value.asText() : null;
    }

    private static InvalidConfigurationException invalid(String field, String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation(field, code, message)));
    }
}
