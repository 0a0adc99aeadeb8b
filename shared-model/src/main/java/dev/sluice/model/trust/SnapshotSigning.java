package dev.sluice.model.trust;

import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotSignature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;

/**
 * Signatures of snapshots: Ed25519 (RFC 8032) over group, epoch, revision and digest, by a key that the control planes'
 * certificate authority has certified for this alone. A signed snapshot carries both certificates, so that whoever
 * trusts the authority can check it anywhere, also from a file.
 */
public final class SnapshotSigning {
    /** Extended key usage of certificates that may sign snapshots; from a UUID (ITU-T X.667). */
    public static final String KEY_USAGE = "2.25.147690246959461500427426514827560786993";

    private SnapshotSigning() {}

    /** @param key belongs to {@code signer}, which {@code authority} has issued */
    public static SnapshotSignature sign(
            Snapshot snapshot, PrivateKey key, X509Certificate signer, X509Certificate authority) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(message(snapshot));
            Base64.Encoder base64 = Base64.getEncoder();
            return new SnapshotSignature(
                    base64.encodeToString(signer.getEncoded()),
                    base64.encodeToString(authority.getEncoded()),
                    base64.encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The snapshot signing key cannot sign", e);
        }
    }

    /**
     * Checks that an authority which is trusted stands behind a snapshot.
     *
     * @param trusted whether a certificate is the control planes' authority's
     * @param retired ids of signing keys ({@link Fingerprints#keyId}) that count no more
     * @throws UntrustedSnapshotException when it is unsigned, or anything does not hold
     */
    public static void verify(
            SignedSnapshot signed, Predicate<X509Certificate> trusted, Collection<String> retired, Instant now) {
        SnapshotSignature signature = signed.signature();
        if (signature == null) {
            throw new UntrustedSnapshotException("It is not signed", null);
        }
        try {
            X509Certificate authority = certificate(signature.authority());
            X509Certificate signer = certificate(signature.signer());
            if (!trusted.test(authority)) {
                throw new UntrustedSnapshotException(
                        "It is signed below another certificate authority than this runtime trusts", null);
            }
            requireSigner(signer, authority, now);
            if (retired.contains(Fingerprints.keyId(signer.getPublicKey()))) {
                throw new UntrustedSnapshotException(
                        "It is signed with key " + Fingerprints.keyId(signer.getPublicKey()) + ", which is retired",
                        null);
            }
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(signer.getPublicKey());
            check.update(message(signed.snapshot()));
            if (!check.verify(Base64.getDecoder().decode(signature.value()))) {
                throw new UntrustedSnapshotException("Its signature is not of this snapshot", null);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UntrustedSnapshotException("Its signature cannot be checked: " + e.getMessage(), e);
        }
    }

    private static void requireSigner(X509Certificate signer, X509Certificate authority, Instant now)
            throws GeneralSecurityException {
        signer.verify(authority.getPublicKey());
        if (!signer.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            throw new UntrustedSnapshotException("Its signer was not certified by its authority", null);
        }
        List<String> usages = extendedKeyUsages(signer);
        if (!usages.contains(KEY_USAGE)) {
            throw new UntrustedSnapshotException("Its signer is not certified for signing snapshots", null);
        }
        signer.checkValidity(Date.from(now));
    }

    private static List<String> extendedKeyUsages(X509Certificate certificate) throws CertificateParsingException {
        List<String> usages = certificate.getExtendedKeyUsage();
        return usages == null ? List.of() : usages;
    }

    private static X509Certificate certificate(String base64) {
        return Pem.certificate(Base64.getDecoder().decode(base64));
    }

    /** What is signed: one line a field, in a form that no other use of the key could have. */
    private static byte[] message(Snapshot snapshot) {
        return String.join(
                        "\n",
                        "sluice snapshot signature 1",
                        snapshot.group(),
                        Long.toString(snapshot.revision().epoch()),
                        Long.toString(snapshot.revision().number()),
                        snapshot.digest().hex(),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
