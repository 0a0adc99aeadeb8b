package dev.sluice.control.owner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version, with the service that it is of and the group that serves it.
 *
 * @param proxyUrl where clients reach the group's runtimes; null when nobody has said
 * @param asOf the database's time as this was read; in a transaction, its beginning: what is written then is of then
 */
public record Owner(
        UUID versionId,
        String version,
        UUID serviceId,
        String service,
        UUID groupId,
        String group,
        @Nullable String proxyUrl,
        Instant createdAt,
        Instant updatedAt,
        Instant asOf) {

    /** Path of the version in the API. */
    public String path() {
        return "/v1/services/" + serviceId + "/versions/" + versionId;
    }

    /** {@code service/version}, for people. */
    public String label() {
        return service + "/" + version;
    }

    /** {@code {"id", "name"}} of the version. */
    public ObjectNode versionReference() {
        return reference(versionId, version);
    }

    /** {@code {"id", "name"}} of the service. */
    public ObjectNode serviceReference() {
        return reference(serviceId, service);
    }

    private static ObjectNode reference(UUID id, String name) {
        return ConfigJson.MAPPER.createObjectNode().put("id", id.toString()).put("name", name);
    }
}
