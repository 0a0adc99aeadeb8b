package dev.sluice.control.revision;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entities a list shows; null and empty: no matter.
 *
 * @param tags all of which an entity must have
 * @param nameBegins with this
 */
public record EntityFilter(
        @Nullable UUID versionId,
        @Nullable String name,
        List<String> tags,
        @Nullable UUID groupId,
        @Nullable String nameBegins) {
    public EntityFilter {
        tags = List.copyOf(tags);
    }

    public EntityFilter(@Nullable UUID versionId, @Nullable String name, List<String> tags, @Nullable UUID groupId) {
        this(versionId, name, tags, groupId, null);
    }
}
