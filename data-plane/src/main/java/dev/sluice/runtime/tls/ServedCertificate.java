package dev.sluice.runtime.tls;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that clients are shown.
 *
 * @param name as people know it; null where it has none
 * @param identities one, or two with keys of different types
 */
public record ServedCertificate(UUID id, @Nullable String name, List<Identity> identities) {
    public ServedCertificate {
        identities = List.copyOf(identities);
    }

    /** The name, or else the id. */
    public String label() {
        return name == null ? id.toString() : name;
    }
}
