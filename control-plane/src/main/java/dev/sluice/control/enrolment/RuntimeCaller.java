package dev.sluice.control.enrolment;

import java.util.UUID;

/**
 * Which runtime calls, as its certificate says.
 *
 * @param group today's name of the group that it serves
 */
public record RuntimeCaller(UUID id, UUID groupId, String group) {}
