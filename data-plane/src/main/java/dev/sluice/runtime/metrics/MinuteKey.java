package dev.sluice.runtime.metrics;

import java.util.UUID;

/**
 * A minute of a boot of the process.
 *
 * @param minute minutes since the epoch
 */
public record MinuteKey(UUID boot, long minute) {}
