package dev.sluice.control.status;

import dev.sluice.control.access.Caller;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests are asked for.
 *
 * @param id null for the whole system
 * @param groups of which alone requests are shown; null for all
 */
record Subject(Kind kind, @Nullable UUID id, @Nullable List<UUID> groups) {
    Subject {
        groups = groups == null ? null : List.copyOf(groups);
    }

    /** As far as the caller sees it. */
    static Subject of(Kind kind, @Nullable UUID id, Caller caller) {
        UUID[] visible = caller.visibleGroups();
        return new Subject(kind, id, visible == null ? null : List.of(visible));
    }

    UUID @Nullable [] groupIds() {
        return groups == null ? null : groups.toArray(new UUID[0]);
    }

    enum Kind {
        EVERYTHING("$1::uuid IS NULL"),
        GROUP("group_id = $1"),
        SERVICE("version_id IN (SELECT id FROM service_version WHERE service_id = $1)"),
        VERSION("version_id = $1"),
        ROUTE("route_id = $1");

        private final String condition;

        Kind(String condition) {
            this.condition = condition;
        }

        /** SQL, true for rows of the subject whose id is the first parameter. */
        String condition() {
            return condition;
        }
    }
}
