package dev.sluice.control.fleet;

import java.util.UUID;

/**
 * How far one runtime is, seen from a head.
 *
 * @param state {@code live} or {@code stale}
 * @param revision number of the revision that it serves
 * @param serving whether that is the head or later
 */
public record RuntimeProgress(UUID id, String name, String group, String state, long revision, boolean serving) {}
