package dev.sluice.control.status;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests are asked for.
 *
 * @param id null for the whole system
 */
record Subject(Kind kind, @Nullable UUID id) {
    static final Subject EVERYTHING = new Subject(Kind.EVERYTHING, null);

    enum Kind {
        EVERYTHING("$1::uuid IS NULL"),
        GROUP("group_id = $1"),
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
