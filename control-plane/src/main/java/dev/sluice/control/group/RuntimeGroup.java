package dev.sluice.control.group;

import dev.sluice.model.snapshot.Revision;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A runtime group as it is stored, with where its configuration stands. */
public record RuntimeGroup(UUID id, GroupFields fields, Instant createdAt, Instant updatedAt, GroupHead head) {
    /** The group that is always there. */
    public static final String DEFAULT = "default";

    /**
     * What people say of a group.
     *
     * @param proxyUrl where clients reach its runtimes, or null
     */
    public record GroupFields(
            String name,
            String description,
            Map<String, String> labels,
            @Nullable String proxyUrl) {
        public GroupFields {
            labels = Map.copyOf(labels);
        }
    }

    /** Where its configuration stands, and since when. */
    public record GroupHead(Revision revision, String digest, Instant changedAt) {}

    public String name() {
        return fields.name();
    }
}
