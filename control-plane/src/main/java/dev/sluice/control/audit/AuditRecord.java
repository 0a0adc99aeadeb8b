package dev.sluice.control.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit trail, as answers show it.
 *
 * @param before what the entity was; null when it was not there
 * @param after what it is; null when it is no longer there
 * @param also list of what else the write changed
 */
public record AuditRecord(
        long id,
        Instant at,
        Named actor,
        String address,
        String operation,
        String method,
        String path,
        int status,
        String requestId,
        @Nullable Named entity,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        JsonNode also) {

    /** Somebody or something. */
    public record Named(
            String kind, @Nullable UUID id, @Nullable String name) {}
}
