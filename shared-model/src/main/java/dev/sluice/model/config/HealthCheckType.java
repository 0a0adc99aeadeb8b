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
    TCP,
    /** By the protocol grpc.health.v1, for the server as a whole. */
    @JsonProperty("grpc")
    GRPC,
    /** The same over TLS. */
    @JsonProperty("grpcs")
    GRPCS;

    public boolean tls() {
        return this == HTTPS || this == GRPCS;
    }

    public boolean grpc() {
        return this == GRPC || this == GRPCS;
    }
}
