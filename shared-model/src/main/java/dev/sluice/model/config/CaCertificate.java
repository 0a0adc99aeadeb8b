package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that peers' certificates may come from. Made from JSON by {@link ConfigJson}.
 *
 * @param id identity, kept over changes
 * @param createdAt when it was first declared, to the microsecond
 * @param name unique among the group's certificate authorities
 * @param cert PEM, one certificate
 * @param certDigest SHA-256 of that certificate (DER), 64 lower-case hexadecimal digits
 * @param tags free words to filter by
 */
public record CaCertificate(
        UUID id, Instant createdAt, @Nullable String name, String cert, String certDigest, List<String> tags) {
    public CaCertificate {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(cert, "cert is required");
        Objects.requireNonNull(certDigest, "cert_digest is required");
        tags = List.copyOf(tags);
    }
}
