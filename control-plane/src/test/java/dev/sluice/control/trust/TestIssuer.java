package dev.sluice.control.trust;

import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues what no control plane would. */
public final class TestIssuer {
    private final Authority authority;

    private TestIssuer(Authority authority) {
        this.authority = authority;
    }

    /** With the authority's own key. */
    public static TestIssuer of(PlaneTrust trust) {
        return new TestIssuer(trust.authorities().api());
    }

    /** With another key below the same name. */
    public static TestIssuer namedLike(PlaneTrust trust) {
        return new TestIssuer(
                authority(trust.authorities().api().certificate().getSubjectX500Principal(), true, Duration.ofDays(1)));
    }

    /** @param life negative: it has expired that long ago */
    static Authority authority(X500Principal name, boolean isAuthority, Duration life) {
        try {
            KeyPair keys = Authority.newKeyPair();
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.TEN,
                    Date.from(now.minus(Duration.ofDays(10))),
                    Date.from(now.plus(life)),
                    name,
                    keys.getPublic());
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    isAuthority ? new BasicConstraints(0) : new BasicConstraints(false));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return new Authority(certificate, keys.getPrivate());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public String pem() {
        return authority.pem();
    }

    public String runtime(RuntimeName name, PublicKey key, Duration life) {
        return issue(name, key, life, Leaf.CLIENT);
    }

    public String issue(RuntimeName name, PublicKey key, Duration life, String purpose) {
        if (life.isNegative()) {
            // The authority itself refuses to look back: it is one that had its day.
            return Pem.write(expired(name, key, life, purpose));
        }
        return Pem.write(authority.issue(new Leaf("somebody", key, names(name), List.of(purpose), life)));
    }

    private X509Certificate expired(RuntimeName name, PublicKey key, Duration life, String purpose) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    authority.certificate(),
                    BigInteger.TWO,
                    Date.from(now.minus(Duration.ofDays(10))),
                    Date.from(now.plus(life)),
                    new X500Principal("CN=late"),
                    key);
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names(name).toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(purpose))));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.key())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<GeneralName> names(RuntimeName name) {
        return name.uris().stream()
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toList();
    }
}
