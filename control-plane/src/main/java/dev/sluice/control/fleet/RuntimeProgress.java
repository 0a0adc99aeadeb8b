package dev.sluice.control.fleet;

import java.util.UUID;

/**
 * How far one runtime is, seen from a head.
 *
 * @param state whether it was heard of lately: "live", or "stale"
 * @param revision number of the revision that it serves
 * @param serving whether that is the head or later
 */
public record RuntimeProgress(UUID id, String name, String group, String state, long revision, boolean serving) {}
