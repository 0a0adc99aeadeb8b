package dev.sluice.control.trust;

import dev.sluice.model.trust.RuntimeName;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;

/** What runtimes are given to show. */
public final class RuntimeCertificates {
    private final Authorities authorities;
    private final Duration life;

    public RuntimeCertificates(Authorities authorities, Duration life) {
        this.authorities = authorities;
        this.life = life;
    }

    /**
     * Two certificates of one key.
     *
     * @param api for the runtime API, as a client alone
     * @param bus for the event bus, where every member is client and server
     */
    public record Issued(X509Certificate api, X509Certificate bus) {
        public String serial() {
            return Authority.serial(api);
        }

        public Instant notBefore() {
            return api.getNotBefore().toInstant();
        }

        public Instant notAfter() {
            return api.getNotAfter().toInstant();
        }
    }

    /** Costs two signatures: for a worker thread. */
    public Issued issue(RuntimeName name, PublicKey key) {
        List<GeneralName> names = name.uris().stream()
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toList();
        String commonName = name.runtime().toString();
        return new Issued(
                authorities.api().issue(new Leaf(commonName, key, names, List.of(Leaf.CLIENT), life)),
                authorities.bus().issue(new Leaf(commonName, key, names, List.of(Leaf.CLIENT, Leaf.SERVER), life)));
    }

    /** The serial number of a certificate as the database has it. */
    public static String serial(X509Certificate certificate) {
        return Authority.serial(certificate);
    }
}
