package dev.sluice.model.trust;

/**
 * Who a process is on the event bus, all in PEM.
 *
 * @param privateKey PKCS #8; a secret
 * @param certificates its own certificate, and those between it and the authority
 * @param authorities whom it believes others' certificates: the bus has an authority of its own
 */
public record BusIdentity(String privateKey, String certificates, String authorities) {
    /** Without the key. */
    @Override
    public String toString() {
        return "BusIdentity";
    }
}
