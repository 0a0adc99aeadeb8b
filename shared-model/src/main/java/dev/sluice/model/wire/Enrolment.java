package dev.sluice.model.wire;

import java.util.Objects;
import java.util.UUID;

/**
 * The answer to an enrolment or a renewal.
 *
 * @param runtime id of the runtime, as in its certificate
 * @param certificate for the runtime API, PEM; the runtime renews it after two thirds of its life
 * @param busCertificate for the event bus, with the same key and life, PEM
 */
public record Enrolment(UUID runtime, String certificate, String busCertificate, Trust trust) {
    public Enrolment {
        Objects.requireNonNull(runtime, "runtime is required");
        Objects.requireNonNull(certificate, "certificate is required");
        Objects.requireNonNull(busCertificate, "bus_certificate is required");
        Objects.requireNonNull(trust, "trust is required");
    }
}
