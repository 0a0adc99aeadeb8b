package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A named set of {@link Target}s that share requests: an implementation of the same runtime group whose host is this name
 * is served by them. Made from JSON by {@link ConfigJson}, which fills absent fields with their defaults first.
 *
 * @param id identity, kept over changes
 * @param createdAt when it was first declared, to the microsecond
 * @param name a host name, unique within the runtime group
 * @param algorithm how targets share requests
 * @param hashOn with consistent hashing: what decides
 * @param hashFallback what decides where a request has none of {@code hashOn}
 * @param hashOnHeader name of the header, with {@code hashOn} header
 * @param hashFallbackHeader likewise for the fallback
 * @param hashOnCookie name of the cookie
 * @param hashOnCookiePath path of the cookie where it is set
 * @param hashOnQueryArg name of the query's argument
 * @param hashFallbackQueryArg likewise for the fallback
 * @param hashOnUriCapture name of a group in the route's regular expression
 * @param hashFallbackUriCapture likewise for the fallback
 * @param slots most points on the ring of consistent hashing: 10 to 65536
 * @param hostHeader what goes into {@code Host} in any case, and over TLS is the name that is asked for and verified, {@code
 *     host[:port]}; null for the target's or the client's
 * @param healthchecks how targets are found healthy or not
 * @param slowStart seconds over which a target that is new or comes back gets its full share; 0: at once
 * @param maxRequests in flight at one target, from one runtime; null for no such limit
 * @param maxPendingRequests of these, those that have no connection yet; null for no such limit
 * @param tags free words to filter by
 */
public record Upstream(
        UUID id,
        Instant createdAt,
        String name,
        BalancingAlgorithm algorithm,
        HashOn hashOn,
        HashOn hashFallback,
        @Nullable String hashOnHeader,
        @Nullable String hashFallbackHeader,
        @Nullable String hashOnCookie,
        String hashOnCookiePath,
        @Nullable String hashOnQueryArg,
        @Nullable String hashFallbackQueryArg,
        @Nullable String hashOnUriCapture,
        @Nullable String hashFallbackUriCapture,
        int slots,
        @Nullable String hostHeader,
        HealthChecks healthchecks,
        double slowStart,
        @Nullable Integer maxRequests,
        @Nullable Integer maxPendingRequests,
        List<String> tags) {
    public Upstream {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(name, "name is required");
        Objects.requireNonNull(algorithm, "algorithm is required");
        Objects.requireNonNull(hashOn, "hash_on is required");
        Objects.requireNonNull(hashFallback, "hash_fallback is required");
        Objects.requireNonNull(hashOnCookiePath, "hash_on_cookie_path is required");
        Objects.requireNonNull(healthchecks, "healthchecks is required");
        tags = List.copyOf(tags);
    }
}
