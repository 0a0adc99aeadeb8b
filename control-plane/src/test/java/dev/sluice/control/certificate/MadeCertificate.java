package dev.sluice.control.certificate;

import dev.sluice.model.trust.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a test made for itself, with its key.
 *
 * @param issuer null where it signed itself
 */
public record MadeCertificate(
        X509Certificate certificate, KeyPair keys, @Nullable MadeCertificate issuer) {
    public static MadeCertificate authority(String name, @Nullable MadeCertificate issuer) {
        return make(name, pair("EC P-256"), issuer, true, Duration.ofDays(300));
    }

    public static MadeCertificate leaf(String name, String keyType, @Nullable MadeCertificate issuer) {
        return make(name, pair(keyType), issuer, false, Duration.ofDays(300));
    }

    public static MadeCertificate expired(String name) {
        return make(name, pair("EC P-256"), null, false, Duration.ofDays(-1));
    }

    /** In PEM. */
    public String cert() {
        return Pem.write(certificate);
    }

    /** PKCS #8 in PEM. */
    public String key() {
        return Pem.write("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** The fields {@code cert} and {@code key} of a body, ' for ". */
    public String fields() {
        return "'cert': '" + cert().replace("\n", "\\n") + "', 'key': '" + key().replace("\n", "\\n") + "'";
    }

    /** @param type such as {@code RSA 2048}, {@code EC P-256}, {@code Ed25519} */
    static KeyPair pair(String type) {
        try {
            String[] parts = type.split(" ", 2);
            KeyPairGenerator generator = KeyPairGenerator.getInstance(parts[0]);
            if (parts[0].equals("RSA")) {
                generator.initialize(Integer.parseInt(parts[1]));
            } else if (parts[0].equals("EC")) {
                generator.initialize(new ECGenParameterSpec("NIST " + parts[1]));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MadeCertificate make(
            String name, KeyPair keys, @Nullable MadeCertificate issuer, boolean authority, Duration left) {
        KeyPair signing = issuer == null ? keys : issuer.keys;
        X500Principal subject = new X500Principal("CN=" + name);
        Instant end = Instant.now().plus(left);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer == null ? subject : issuer.certificate.getSubjectX500Principal(),
                new BigInteger(64, new SecureRandom()),
                Date.from(end.minus(Duration.ofDays(600))),
                Date.from(end),
                subject,
                keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, name), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
            }
            String algorithm = signing.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            String signer = signing.getPrivate().getAlgorithm().equals("EdDSA") ? "Ed25519" : algorithm;
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(signer).build(signing.getPrivate())));
            return new MadeCertificate(certificate, keys, issuer);
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
