package dev.sluice.runtime.sync;

import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import java.math.BigInteger;
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
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for an event bus; its certificates carry no host names. */
final class BusAuthority {
    private static final KeyPurposeId[] BOTH_SIDES = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    private final KeyPair keys = pair();
    private final X500Principal name = new X500Principal("CN=Bus of a test");
    private final X509Certificate certificate = certify(name, keys, new BasicConstraints(0));

    /** Somebody new on this bus. */
    BusIdentity identity() {
        KeyPair own = pair();
        return new BusIdentity(
                Pem.write("PRIVATE KEY", own.getPrivate().getEncoded()),
                Pem.write(certify(new X500Principal("CN=somebody"), own, new BasicConstraints(false))),
                Pem.write(certificate));
    }

    private X509Certificate certify(X500Principal subject, KeyPair own, BasicConstraints constraints) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.minus(Duration.ofMinutes(5))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, constraints);
            if (!constraints.isCA()) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(BOTH_SIDES));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
