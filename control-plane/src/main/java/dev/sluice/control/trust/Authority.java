package dev.sluice.control.trust;

import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority: its certificate, and its key, which never leaves it but sealed. RFC 5280. */
public final class Authority {
    private static final Duration LIFE = Duration.ofDays(3653);
    private static final Duration EARLY = Duration.ofMinutes(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new one, ECDSA over P-256, for ten years; it certifies no further authorities. */
    static Authority make(String name) {
        try {
            KeyPair keys = newKeyPair();
            String subject =
                    "CN=" + name + ' ' + Fingerprints.keyId(keys.getPublic()).substring(0, 8);
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal(subject),
                    serial(),
                    Date.from(now.minus(EARLY)),
                    Date.from(now.plus(LIFE)),
                    new X500Principal(subject),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new Authority(signed(builder, keys.getPrivate()), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("A certificate authority cannot be made", e);
        }
    }

    /** A new key of the kind that control planes use for themselves: P-256. */
    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has P-256", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String pem() {
        return Pem.write(certificate);
    }

    /** SHA-256 of the certificate, as join tokens carry it. */
    public Digest digest() {
        return new Digest(Fingerprints.of(certificate));
    }

    PrivateKey key() {
        return key;
    }

    /** Costs a signature, up to a few milliseconds; valid no longer than the authority itself. */
    X509Certificate issue(Leaf leaf) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    certificate,
                    serial(),
                    Date.from(now.minus(early(leaf.life()))),
                    Date.from(earlier(
                            now.plus(leaf.life()), certificate.getNotAfter().toInstant())),
                    new X500Principal("CN=" + leaf.commonName()),
                    leaf.key());
            extend(builder, leaf);
            return signed(builder, key);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("A certificate cannot be issued", e);
        }
    }

    private void extend(JcaX509v3CertificateBuilder builder, Leaf leaf) throws GeneralSecurityException, IOException {
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(leaf.purposes().stream()
                        .map(oid -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid)))
                        .toArray(KeyPurposeId[]::new)));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(certificate));
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(leaf.key()));
        if (!leaf.names().isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(leaf.names().toArray(GeneralName[]::new)));
        }
    }

    /** Clocks differ a little; a certificate that is to live for seconds is not made to look old by that. */
    private static Duration early(Duration life) {
        Duration part = life.dividedBy(12);
        return part.compareTo(EARLY) < 0 ? part : EARLY;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Positive and 126 bits at least, so no two are the same. */
    private static BigInteger serial() {
        return new BigInteger(126, RANDOM).setBit(126);
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signatureAlgorithm(key)).build(key)));
    }

    /** The usual one for a key; the second part of RFC 8446 4.2.3 for elliptic curves. */
    static String signatureAlgorithm(java.security.Key key) {
        return switch (key.getAlgorithm()) {
            case "EC" ->
                ((ECKey) key).getParams().getOrder().bitLength() <= 256 ? "SHA256withECDSA" : "SHA384withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> throw new IllegalArgumentException("keys of kind " + key.getAlgorithm() + " are not supported");
        };
    }

    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        byte[] challenge = new byte[32];
        RANDOM.nextBytes(challenge);
        java.security.Signature signature = java.security.Signature.getInstance(signatureAlgorithm(publicKey));
        signature.initSign(privateKey);
        signature.update(challenge);
        byte[] value = signature.sign();
        signature.initVerify(publicKey);
        signature.update(challenge);
        return signature.verify(value);
    }
}
