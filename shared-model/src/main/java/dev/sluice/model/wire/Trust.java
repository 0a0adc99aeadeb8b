package dev.sluice.model.wire;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What a runtime trusts, and whom it asks.
 *
 * @param version changes whenever anything else in it does
 * @param groupId the runtime group that it serves
 * @param group the group's name today
 * @param authorities certificates (PEM) of the control planes' authority; more than one while it is being replaced
 * @param busAuthorities those of the event bus's
 * @param retiredSigners ids of snapshot signing keys that count no more
 * @param contentKeys keys that open the secrets in this group's snapshots
 * @param controlPlanes runtime-API URLs of the control planes that are there
 * @param members cluster addresses to join, {@code host:port}; empty where there is no cluster
 */
public record Trust(
        String version,
        UUID groupId,
        String group,
        List<String> authorities,
        List<String> busAuthorities,
        List<String> retiredSigners,
        List<ContentKey> contentKeys,
        List<String> controlPlanes,
        List<String> members) {
    public Trust {
        Objects.requireNonNull(version, "version is required");
        Objects.requireNonNull(groupId, "group_id is required");
        Objects.requireNonNull(group, "group is required");
        authorities = List.copyOf(authorities);
        busAuthorities = List.copyOf(busAuthorities);
        retiredSigners = List.copyOf(retiredSigners);
        contentKeys = List.copyOf(contentKeys);
        controlPlanes = List.copyOf(controlPlanes);
        members = List.copyOf(members);
    }

    /**
     * @param id as sealed values name it
     * @param key 32 bytes in base64; a secret
     */
    public record ContentKey(String id, String key) {
        public ContentKey {
            Objects.requireNonNull(id, "id is required");
            Objects.requireNonNull(key, "key is required");
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "ContentKey " + id;
        }
    }
}
