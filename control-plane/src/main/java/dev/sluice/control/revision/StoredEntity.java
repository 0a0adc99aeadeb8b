package dev.sluice.control.revision;

import dev.sluice.control.http.Position;
import dev.sluice.model.snapshot.Entity;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entity as it is in its group's head.
 *
 * @param versionId as in {@link EntityFacts#versionId()}
 * @param name as in {@link EntityFacts#name()}
 * @param revision number of the group's revision that made it so
 * @param updatedAt when that was
 */
public record StoredEntity(
        UUID groupId,
        String groupName,
        Entity entity,
        @Nullable UUID versionId,
        @Nullable String name,
        long revision,
        Instant createdAt,
        Instant updatedAt) {
    /** Names this state of the entity for {@code ETag} and {@code If-Match}: {@code "<revision>-<8 hex digits>"}, quoted. */
    public String etag() {
        return '"' + Long.toString(revision) + '-' + entity.hash().hex().substring(0, 8) + '"';
    }

    /** The version that it belongs to; for kinds that have one. */
    public UUID ownVersion() {
        return Objects.requireNonNull(versionId, "It belongs to no version");
    }

    /** The name, or else the id: what people know it by. */
    public String label() {
        return name == null ? entity.id().toString() : name;
    }

    /** Continues a list behind this entity: {@link dev.sluice.control.http.Page#after()}. */
    public String key() {
        return new Position(createdAt, entity.id()).key();
    }
}
