package dev.sluice.control.people;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Grants;
import dev.sluice.control.http.Position;
import dev.sluice.model.config.ConfigJson;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an API token; not the token.
 *
 * @param user whose it is; null for nobody's
 */
record TokenRow(
        UUID id,
        String name,
        @Nullable Reference user,
        Grants grants,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    record Reference(UUID id, String name) {}

    ObjectNode view() {
        ObjectNode view =
                ConfigJson.MAPPER.createObjectNode().put("id", id.toString()).put("name", name);
        if (user == null) {
            view.putNull("user");
        } else {
            view.putObject("user").put("id", user.id().toString()).put("name", user.name());
        }
        view.set("grants", GrantStore.view(grants));
        return view.put("created_at", createdAt.toString())
                .put("expires_at", expiresAt == null ? null : expiresAt.toString())
                .put("last_used_at", lastUsedAt == null ? null : lastUsedAt.toString());
    }

    /** For the audit trail: without when it was last used. */
    ObjectNode facts() {
        return view().without(List.of("id", "created_at", "last_used_at"));
    }

    String key() {
        return new Position(createdAt, id).key();
    }
}
