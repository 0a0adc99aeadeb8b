package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an upstream's targets share its requests. */
public enum BalancingAlgorithm {
    /** In turn, by weight. */
    @JsonProperty("round-robin")
    ROUND_ROBIN,
    /** The one with the fewest requests in flight, by weight. */
    @JsonProperty("least-connections")
    LEAST_CONNECTIONS,
    /** Equal keys go to the same target as long as it is there; {@link HashOn} says what the key is. */
    @JsonProperty("consistent-hashing")
    CONSISTENT_HASHING,
    /** The quicker one of two that are drawn, by weight. */
    @JsonProperty("latency")
    LATENCY
}
