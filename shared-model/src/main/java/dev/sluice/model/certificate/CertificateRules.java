package dev.sluice.model.certificate;

import dev.sluice.model.problem.Violation;
import dev.sluice.model.trust.Pem;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What certificates and keys must fulfil. Each rule adds what is wrong to a list, with the field that it was told; no
 * message repeats any part of a key. An expired certificate is no fault: whoever has nothing better may still declare it.
 */
public final class CertificateRules {
    /** Characters that the text of a certificate with its chain may have. */
    public static final int LONGEST_CHAIN = 65_536;

    /** Characters that the text of a key may have. */
    public static final int LONGEST_KEY = 16_384;

    private static final int MOST_CERTIFICATES = 10;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;

    private CertificateRules() {}

    /** A leaf certificate, then each one's issuer; null when there is a fault. */
    public static @Nullable List<X509Certificate> chain(String field, String pem, List<Violation> faults) {
        List<X509Certificate> chain = certificates(field, pem, faults);
        if (chain == null) {
            return null;
        }
        String fault = ofChain(chain);
        if (fault != null) {
            faults.add(new Violation(field, "invalid", fault));
            return null;
        }
        return chain;
    }

    /** The certificate of an authority; null when there is a fault. */
    public static @Nullable X509Certificate authority(String field, String pem, List<Violation> faults) {
        List<X509Certificate> certificates = certificates(field, pem, faults);
        if (certificates == null) {
            return null;
        }
        X509Certificate certificate = certificates.get(0);
        if (certificates.size() > 1) {
            faults.add(new Violation(
                    field,
                    "invalid",
                    "has " + certificates.size() + " certificates; declare each authority by itself"));
            return null;
        }
        if (certificate.getBasicConstraints() < 0) {
            faults.add(new Violation(
                    field,
                    "invalid",
                    "is not the certificate of an authority (its basic constraints do not say CA:TRUE); other"
                            + " certificates belong to /v1/certificates"));
            return null;
        }
        return certificate;
    }

    /** A private key; null when there is a fault. */
    public static @Nullable PrivateKey key(String field, String pem, List<Violation> faults) {
        if (pem.length() > LONGEST_KEY) {
            faults.add(new Violation(field, "range", "has more than " + LONGEST_KEY + " characters"));
            return null;
        }
        try {
            return PrivateKeys.read(pem);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(field, "invalid", String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** A key is that of the certificate that it is declared with. */
    public static void belongs(
            String field, PrivateKey key, String certField, X509Certificate certificate, List<Violation> faults) {
        if (!PrivateKeys.belong(key, certificate.getPublicKey())) {
            faults.add(new Violation(field, "conflict", "is not the private key of the certificate in " + certField));
        }
    }

    /** A second certificate is for peers that do not know the first one's type of key. */
    public static void differs(
            String field, X509Certificate alternative, X509Certificate first, List<Violation> faults) {
        String type = first.getPublicKey().getAlgorithm();
        if (alternative.getPublicKey().getAlgorithm().equals(type)) {
            faults.add(new Violation(
                    field, "conflict", "has a key of the same type as cert, " + type + "; of RSA and EC, one each"));
        }
    }

    private static @Nullable List<X509Certificate> certificates(String field, String pem, List<Violation> faults) {
        String fault = null;
        if (pem.length() > LONGEST_CHAIN) {
            fault = "has more than " + LONGEST_CHAIN + " characters";
        } else if (pem.contains("PRIVATE KEY")) {
            fault = "has a private key in it, which would be shown to whoever reads it; keys have a field of their own";
        } else {
            try {
                List<X509Certificate> certificates = Pem.certificates(pem);
                if (certificates.size() <= MOST_CERTIFICATES) {
                    return certificates;
                }
                fault = "has " + certificates.size() + " certificates, at most " + MOST_CERTIFICATES + " are taken";
            } catch (IllegalArgumentException e) {
                fault = "is no certificate in PEM, a block CERTIFICATE: " + e.getMessage();
            }
        }
        faults.add(new Violation(field, "invalid", fault));
        return null;
    }

    private static @Nullable String ofChain(List<X509Certificate> chain) {
        X509Certificate leaf = chain.get(0);
        if (leaf.getBasicConstraints() >= 0) {
            return "begins with the certificate of an authority (CA:TRUE); the leaf comes first, then its issuer."
                    + " Authorities to be trusted belong to /v1/ca_certificates";
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!issued(chain.get(i), chain.get(i - 1))) {
                return "is out of order: certificate " + (i + 1) + " did not issue certificate " + i
                        + "; the leaf comes first, then each one's issuer";
            }
        }
        return ofKeyType(leaf.getPublicKey());
    }

    private static boolean issued(X509Certificate issuer, X509Certificate issued) {
        if (!issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal())
                || issuer.getBasicConstraints() < 0) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable String ofKeyType(PublicKey key) {
        if (key instanceof ECPublicKey) {
            return null; // the platform reads P-256, P-384 and P-521, and no other curve
        }
        if (!(key instanceof RSAPublicKey rsa)) {
            return "has a key of type " + key.getAlgorithm() + "; RSA and EC are supported";
        }
        int bits = rsa.getModulus().bitLength();
        return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS
                ? null
                : "has an RSA key of " + bits + " bits; from " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS
                        + " are supported";
    }
}
