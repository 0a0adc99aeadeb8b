package dev.sluice.control.audit;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are asked for; null: no matter.
 *
 * @param actor id or name
 * @param entity id, name or kind
 * @param from inclusive
 * @param to exclusive
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String operation,
        @Nullable String entity,
        @Nullable OffsetDateTime from,
        @Nullable OffsetDateTime to) {}
