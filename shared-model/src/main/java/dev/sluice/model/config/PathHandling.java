package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the implementation's path and the rest of the request's path are joined (Kong's {@code path_handling}): {@link
 * #V0} treats both as segments, {@link #V1} concatenates them.
 */
public enum PathHandling {
    @JsonProperty("v0")
    V0,
    @JsonProperty("v1")
    V1
}
