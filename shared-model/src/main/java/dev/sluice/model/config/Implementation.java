package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a version's traffic goes (Kong's service). Made from JSON by {@link ConfigJson}, which fills absent fields with
 * their defaults first.
 *
 * @param id identity, kept over changes
 * @param versionId the version that this implements; a version has at most one implementation
 * @param createdAt when it was first declared, to the microsecond
 * @param protocol how the upstream is spoken to
 * @param host host name or IP address, without port; an IPv6 address without brackets
 * @param port 1 to 65535
 * @param path put before the upstream path; null means none. Begins with a slash
 * @param retries further attempts after the first that may follow a failed one: 0 to 32767
 * @param connectTimeout milliseconds to establish a connection: 1 to 2147483646
 * @param writeTimeout milliseconds between two successful writes to the upstream: 1 to 2147483646
 * @param readTimeout milliseconds between two successful reads from the upstream: 1 to 2147483646
 * @param requestTimeout milliseconds from a request's header section to the end of its answer, all attempts included: 1 to
 *     2147483646; null means no such limit. A WebSocket that was opened has none
 * @param clientCertificate {@link Certificate} of the same runtime group, shown to the upstream (TLS only)
 * @param tlsVerify whether the upstream's certificate is checked; null means yes
 * @param tlsVerifyDepth how many certificates a chain may have between the upstream's own and the authority that it ends
 *     in: 0 to 64; null means as many as the platform allows
 * @param caCertificates {@link CaCertificate}s of the same runtime group that the upstream's chain may end in; empty
 *     means the platform's
 * @param tags free words to filter by
 */
public record Implementation(
        UUID id,
        UUID versionId,
        Instant createdAt,
        Protocol protocol,
        String host,
        int port,
        @Nullable String path,
        int retries,
        long connectTimeout,
        long writeTimeout,
        long readTimeout,
        @Nullable Long requestTimeout,
        @Nullable UUID clientCertificate,
        @Nullable Boolean tlsVerify,
        @Nullable Integer tlsVerifyDepth,
        List<UUID> caCertificates,
        List<String> tags) {

    public Implementation {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(versionId, "version_id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(protocol, "protocol is required");
        Objects.requireNonNull(host, "host is required");
        caCertificates = List.copyOf(caCertificates);
        tags = List.copyOf(tags);
    }

    /** The address as an operator writes it; the port is left out where it goes without saying. */
    public String url() {
        String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        String portPart = port == protocol.defaultPort() ? "" : ":" + port;
        return protocol.scheme() + "://" + authority + portPart + (path == null ? "" : path);
    }
}
