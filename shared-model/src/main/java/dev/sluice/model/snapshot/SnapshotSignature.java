package dev.sluice.model.snapshot;

import java.util.Objects;

/**
 * A signature as it stands in a snapshot's header, each part in base64.
 *
 * @param signer certificate (DER) of the key that signed
 * @param authority certificate (DER) of the authority that certified it
 * @param value Ed25519 signature
 */
public record SnapshotSignature(String signer, String authority, String value) {
    public SnapshotSignature {
        Objects.requireNonNull(signer, "signer is required");
        Objects.requireNonNull(authority, "authority is required");
        Objects.requireNonNull(value, "value is required");
    }
}
