package dev.sluice.control.revision;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an entity without reading its bytes: what lists are filtered and ordered by.
 *
 * @param versionId the version that it belongs to; null for what belongs to its group alone
 * @param name unique among the group's entities of this kind; null for none
 * @param createdAt when it was first declared; kept over changes
 */
public record EntityFacts(
        @Nullable UUID versionId, @Nullable String name, List<String> tags, Instant createdAt) {
    public EntityFacts {
        tags = List.copyOf(tags);
    }
}
