package dev.sluice.control.trust;

import dev.sluice.control.TrustSettings.GivenAuthority;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;

/** Authorities as text: those of the settings are checked, those of the database believed. */
final class AuthorityForm {
    private static final int KEY_CERT_SIGN = 5;

    private AuthorityForm() {}

    /** @throws InvalidSettingsException when the two cannot be an authority; the message holds nothing of the key */
    static Authority given(GivenAuthority given, Instant now) {
        X509Certificate certificate;
        try {
            certificate = Pem.certificates(given.certificate()).get(0);
        } catch (IllegalArgumentException e) {
            throw wrong("SLUICE_CA_CERTIFICATE is " + e.getMessage());
        }
        requireAuthority(certificate, now);
        PrivateKey key = givenKey(given.key(), certificate);
        try {
            if (!Authority.belongTogether(certificate.getPublicKey(), key)) {
                throw wrong("SLUICE_CA_KEY is not the key of SLUICE_CA_CERTIFICATE");
            }
        } catch (GeneralSecurityException e) {
            throw wrong("SLUICE_CA_KEY is not the key of SLUICE_CA_CERTIFICATE");
        }
        return new Authority(certificate, key);
    }

    private static void requireAuthority(X509Certificate certificate, Instant now) {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
            throw wrong("SLUICE_CA_CERTIFICATE is not the certificate of an authority (CA:TRUE, and keyCertSign among"
                    + " its key usages)");
        }
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw wrong("SLUICE_CA_CERTIFICATE has expired, on "
                    + certificate.getNotAfter().toInstant());
        }
        try {
            String ignored = Authority.signatureAlgorithm(certificate.getPublicKey());
        } catch (IllegalArgumentException e) {
            throw wrong("SLUICE_CA_CERTIFICATE has no EC, RSA or Ed25519 key: " + e.getMessage());
        }
    }

    private static PrivateKey givenKey(String pem, X509Certificate certificate) {
        try {
            return key(pem, certificate);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw wrong("SLUICE_CA_KEY is not a private key of the certificate's kind as PKCS #8 in PEM (BEGIN PRIVATE"
                    + " KEY); 'openssl pkcs8 -topk8 -nodes' converts others");
        }
    }

    /** @param pem PKCS #8 */
    static PrivateKey key(String pem, X509Certificate certificate) throws GeneralSecurityException {
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Pem.read(pem, "PRIVATE KEY")));
    }

    static String keyPem(PrivateKey key) {
        return Pem.write("PRIVATE KEY", key.getEncoded());
    }

    static InvalidSettingsException wrong(String problem) {
        return new InvalidSettingsException(List.of(problem));
    }
}
