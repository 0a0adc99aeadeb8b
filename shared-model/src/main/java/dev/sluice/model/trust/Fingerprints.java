package dev.sluice.model.trust;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** SHA-256 values by which certificates and keys are named. */
public final class Fingerprints {
    private static final int KEY_ID_DIGITS = 32;

    private Fingerprints() {}

    /** Of a whole certificate (DER): 64 lower-case hexadecimal digits. */
    public static String of(X509Certificate certificate) {
        try {
            return sha256Hex(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("A certificate that cannot be encoded", e);
        }
    }

    /** Of a public key (its SubjectPublicKeyInfo): 64 lower-case hexadecimal digits. */
    public static String of(PublicKey key) {
        return sha256Hex(key.getEncoded());
    }

    /** The short name of a signing key: the first 32 digits of its fingerprint. */
    public static String keyId(PublicKey key) {
        return of(key).substring(0, KEY_ID_DIGITS);
    }

    static String sha256Hex(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha.update(part);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
