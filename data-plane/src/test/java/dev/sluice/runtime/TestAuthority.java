package dev.sluice.runtime;

import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.trust.SnapshotSigning;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
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
import org.jspecify.annotations.Nullable;

/** The control planes' certificate authority, as tests need it: also signs snapshots, and certifies for the event bus. */
public final class TestAuthority {
    private static final Duration LONG = Duration.ofDays(1);

    /** One for all control planes of a test that does not care. */
    public static final TestAuthority SHARED = new TestAuthority();

    private final X500Principal name = new X500Principal("CN=Sluice of a test");
    private final KeyPair keys = pair("EC");
    private final X509Certificate certificate;
    private final JoinToken token;
    private Signer signer;

    public TestAuthority() {
        certificate = issue(name, keys.getPublic(), LONG, null, List.of(), true);
        token = JoinToken.random(new Digest(Fingerprints.of(certificate)));
        signer = newSigner();
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public JoinToken token() {
        return token;
    }

    /** The id of the key that signs now. */
    public String signerId() {
        return Fingerprints.keyId(signer.keys.getPublic());
    }

    /** From now on another key signs. */
    public void rotateSigner() {
        signer = newSigner();
    }

    /** The text form, signed. */
    public byte[] signed(Snapshot snapshot) {
        return SnapshotFormat.write(new SignedSnapshot(
                snapshot, SnapshotSigning.sign(snapshot, signer.keys.getPrivate(), signer.certificate, certificate)));
    }

    /** PEM of a runtime's certificate, for the runtime API. */
    public String runtime(PublicKey key, RuntimeName runtime, Duration life) {
        return Pem.write(issue(
                new X500Principal("CN=a runtime"), key, life, KeyPurposeId.id_kp_clientAuth, names(runtime), false));
    }

    /** PEM of a certificate without names. */
    public String nameless(PublicKey key, Duration life) {
        return Pem.write(
                issue(new X500Principal("CN=somebody"), key, life, KeyPurposeId.id_kp_clientAuth, List.of(), false));
    }

    /** PEM of a server's certificate for this host, and of the authority after it. */
    public String server(PublicKey key, String host) {
        boolean address = host.matches("[0-9.]+");
        GeneralName san = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
        return Pem.write(issue(
                        new X500Principal("CN=a control plane"),
                        key,
                        LONG,
                        KeyPurposeId.id_kp_serverAuth,
                        List.of(san),
                        false))
                + Pem.write(certificate);
    }

    public static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<GeneralName> names(RuntimeName runtime) {
        return runtime.uris().stream()
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toList();
    }

    private Signer newSigner() {
        KeyPair pair = pair("Ed25519");
        KeyPurposeId usage = KeyPurposeId.getInstance(new ASN1ObjectIdentifier(SnapshotSigning.KEY_USAGE));
        return new Signer(
                pair, issue(new X500Principal("CN=a signer"), pair.getPublic(), LONG, usage, List.of(), false));
    }

    private X509Certificate issue(
            X500Principal subject,
            PublicKey key,
            Duration life,
            @Nullable KeyPurposeId usage,
            List<GeneralName> names,
            boolean authority) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.minusSeconds(1)),
                    Date.from(now.plus(life)),
                    subject,
                    key);
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    authority ? new BasicConstraints(0) : new BasicConstraints(false));
            if (usage != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
            }
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private record Signer(KeyPair keys, X509Certificate certificate) {}
}
