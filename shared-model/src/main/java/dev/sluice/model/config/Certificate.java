package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is shown to a peer, with its private key; both may be there a second time with another type of key,
 * for peers that know only one of them. Private keys are sealed wherever this record is. Made from JSON by {@link
 * ConfigJson}.
 *
 * @param id identity, kept over changes
 * @param createdAt when it was first declared, to the microsecond
 * @param name unique among the group's certificates
 * @param cert PEM: the certificate itself, then each one's issuer
 * @param key its private key (PEM, PKCS #8), sealed for {@link #keyContext}
 * @param certAlt as {@code cert}; null for none
 * @param keyAlt as {@code key}, sealed for {@link #keyAltContext}; there if and only if {@code certAlt} is
 * @param tags free words to filter by
 */
public record Certificate(
        UUID id,
        Instant createdAt,
        @Nullable String name,
        String cert,
        String key,
        @Nullable String certAlt,
        @Nullable String keyAlt,
        List<String> tags) {
    public Certificate {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(cert, "cert is required");
        Objects.requireNonNull(key, "key is required");
        tags = List.copyOf(tags);
    }

    /** Where the sealed {@code key} of the certificate with this id belongs. */
    public static String keyContext(UUID id) {
        return "certificate/" + id + "/key";
    }

    /** Where the sealed {@code key_alt} of the certificate with this id belongs. */
    public static String keyAltContext(UUID id) {
        return "certificate/" + id + "/key_alt";
    }

    /** Without the keys, sealed as they are. */
    @Override
    public String toString() {
        return "Certificate " + id;
    }
}
