package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a prefix path matches. {@link #PREFIX}, as in Kong: {@code /mock} matches {@code /mock}, {@code /mock/a} and
 * {@code /mockery}. {@link #SEGMENT}: whole segments only, so not {@code /mockery}.
 */
public enum PathMatch {
    @JsonProperty("prefix")
    PREFIX,
    @JsonProperty("segment")
    SEGMENT
}
