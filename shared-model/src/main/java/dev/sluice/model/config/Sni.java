package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Which certificate clients are shown that ask for a server name in their TLS handshake (RFC 6066 section 3). Made from
 * JSON by {@link ConfigJson}.
 *
 * @param id identity, kept over changes
 * @param createdAt when it was first declared, to the microsecond
 * @param name unique within the group: a host name in lower case without a final dot, the same with {@code *} for its
 *     leftmost or rightmost label, or {@code *} alone for clients that ask for any other name or for none
 * @param certificate id of the {@link Certificate}
 * @param tags free words to filter by
 */
public record Sni(UUID id, Instant createdAt, String name, UUID certificate, List<String> tags) {
    public Sni {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(name, "name is required");
        Objects.requireNonNull(certificate, "certificate is required");
        tags = List.copyOf(tags);
    }
}
