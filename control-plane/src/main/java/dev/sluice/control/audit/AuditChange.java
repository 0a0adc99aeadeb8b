package dev.sluice.control.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one thing was before a write and after it.
 *
 * @param kind such as {@code route} or {@code user}
 * @param before null when it was not there
 * @param after null when it is no longer there
 */
public record AuditChange(
        String kind,
        @Nullable UUID id,
        @Nullable String name,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after) {

    /** Status of the answer to a write that did this. */
    int status() {
        if (after == null) {
            return before == null ? 200 : 204;
        }
        return before == null ? 201 : 200;
    }

    /** Without what is secret. */
    AuditChange redacted() {
        Redaction.Pair pair = Redaction.of(before, after);
        return new AuditChange(kind, id, name, pair.before(), pair.after());
    }
}
