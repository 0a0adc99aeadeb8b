package dev.sluice.model.config;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which requests reach a version's implementation. Within a field the values are alternatives; every field that has
 * values must match. Made from JSON by {@link ConfigJson}, which fills absent fields with their defaults first.
 *
 * @param id identity, kept over changes; the last tie-break of the routing order
 * @param versionId the version whose implementation is reached
 * @param createdAt when it was first declared, to the microsecond; older routes win ties
 * @param name unique within the runtime group, case-sensitive
 * @param protocols the schemes that a client may use: of {http, https} or of {grpc, grpcs}
 * @param methods upper-case HTTP methods
 * @param hosts host names with an optional port; one {@code *} label leftmost or rightmost
 * @param paths prefixes that begin with a slash, or regular expressions that begin with {@code ~/}
 * @param headers header name to accepted values; a single value that begins with {@code ~*} is a regular expression
 * @param snis TLS server names
 * @param stripPath whether the matched path is taken off before the request goes upstream
 * @param preserveHost whether the client's Host goes upstream rather than the target's
 * @param regexPriority among regular expressions the higher number is tried first
 * @param pathHandling how the paths are joined
 * @param pathMatch whether a prefix matches within a segment
 * @param httpsRedirectStatusCode answer to plain http on an https-only route: 426, 301, 302, 307 or 308
 * @param requestBuffering whether the request body may be held back to be replayed
 * @param responseBuffering whether the response body may be held back
 * @param tags free words to filter by
 */
public record Route(
        UUID id,
        UUID versionId,
        Instant createdAt,
        @Nullable String name,
        List<Protocol> protocols,
        List<String> methods,
        List<String> hosts,
        List<String> paths,
        Map<String, List<String>> headers,
        List<String> snis,
        boolean stripPath,
        boolean preserveHost,
        int regexPriority,
        PathHandling pathHandling,
        PathMatch pathMatch,
        int httpsRedirectStatusCode,
        boolean requestBuffering,
        boolean responseBuffering,
        List<String> tags) {

    public Route {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(versionId, "version_id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(pathHandling, "path_handling is required");
        Objects.requireNonNull(pathMatch, "path_match is required");
        protocols = List.copyOf(protocols);
        methods = List.copyOf(methods);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        Map<String, List<String>> copied = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((header, values) -> copied.put(header, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copied);
        snis = List.copyOf(snis);
        tags = List.copyOf(tags);
    }
}
