package dev.sluice.model.wire;

import java.util.Objects;
import java.util.UUID;

/**
 * A runtime asks to join. It may ask again, with the same token and key, when an answer was lost: that counts once.
 *
 * @param token the whole join token; a secret
 * @param runtime the id that it has given itself; one that has joined before must show one of the keys that it joined with
 * @param name what people call it
 * @param certificateRequest PKCS #10 (RFC 2986) in PEM, made with a key that the runtime never gives away
 */
public record EnrolmentRequest(String token, UUID runtime, String name, String certificateRequest) {
    public EnrolmentRequest {
        Objects.requireNonNull(token, "token is required");
        Objects.requireNonNull(runtime, "runtime is required");
        Objects.requireNonNull(name, "name is required");
        Objects.requireNonNull(certificateRequest, "certificate_request is required");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "EnrolmentRequest " + runtime;
    }
}
