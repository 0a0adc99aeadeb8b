package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How targets are asked whether they are well. */
public enum HealthCheckType {
    @JsonProperty("http")
    HTTP,
    @JsonProperty("https")
    HTTPS,
    /** It is enough that a connection is accepted. */
    @JsonProperty("tcp")
    TCP
}
