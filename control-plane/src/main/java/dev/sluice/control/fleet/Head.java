package dev.sluice.control.fleet;

import dev.sluice.model.snapshot.Revision;
import java.util.UUID;

/**
 * Where a runtime group is.
 *
 * @param group the group's name
 */
public record Head(UUID groupId, String group, Revision revision) {}
