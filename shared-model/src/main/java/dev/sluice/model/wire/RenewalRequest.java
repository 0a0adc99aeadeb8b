package dev.sluice.model.wire;

import java.util.Objects;

/**
 * A runtime that shows a valid certificate asks for the next one.
 *
 * @param certificateRequest PKCS #10 (RFC 2986) in PEM, made with a new key
 */
public record RenewalRequest(String certificateRequest) {
    public RenewalRequest {
        Objects.requireNonNull(certificateRequest, "certificate_request is required");
    }
}
