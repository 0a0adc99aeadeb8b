package dev.sluice.model.routing;

/**
 * A sub-route as it stands in one place of the index.
 *
 * @param rank its place in the order of all sub-routes
 * @param port the only request port that fits in this place, or {@link HostPattern#ANY_PORT}
 */
record Candidate(SubRoute subRoute, int rank, int port) {}
