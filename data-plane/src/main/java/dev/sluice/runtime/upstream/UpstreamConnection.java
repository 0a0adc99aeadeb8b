package dev.sluice.runtime.upstream;

import io.vertx.core.http.HttpClientRequest;

/**
 * A connection to an upstream, taken for one request.
 *
 * @param request nothing is written yet; whoever takes the connection must end or reset it
 * @param reused whether an earlier request went over the connection: then the upstream may be closing it just now
 */
public record UpstreamConnection(HttpClientRequest request, boolean reused) {}
