package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What of a request decides on its target, with consistent hashing. */
public enum HashOn {
    @JsonProperty("none")
    NONE,
    /** The client's address. */
    @JsonProperty("ip")
    IP,
    @JsonProperty("header")
    HEADER,
    /** Set in the answer where the request has none. */
    @JsonProperty("cookie")
    COOKIE,
    /** The normalised path. */
    @JsonProperty("path")
    PATH,
    @JsonProperty("query_arg")
    QUERY_ARG,
    /** A named group of the regular expression that is the route's path. */
    @JsonProperty("uri_capture")
    URI_CAPTURE
}
