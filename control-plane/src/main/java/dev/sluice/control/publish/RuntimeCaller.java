package dev.sluice.control.publish;

import java.util.UUID;

/**
 * Which runtime calls, as established by the {@link RuntimeAuthenticator}.
 *
 * @param group name of the group that it serves
 */
public record RuntimeCaller(UUID id, String group) {}
