package dev.sluice.runtime.identity;

import dev.sluice.model.certificate.CertificateRequest;
import dev.sluice.model.trust.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;

/** A key pair of this runtime (EC, P-256). The private key leaves the process into the encrypted identity file alone. */
public final class RuntimeKey {
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private RuntimeKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** A new one. */
    public static RuntimeKey random() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new RuntimeKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform makes EC keys", e);
        }
    }

    /** @throws IllegalArgumentException when these are no EC keys; the message does not repeat them */
    static RuntimeKey ofPem(String privateKey, String publicKey) {
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            return new RuntimeKey(
                    keys.generatePrivate(new PKCS8EncodedKeySpec(Pem.read(privateKey, "PRIVATE KEY"))),
                    keys.generatePublic(new X509EncodedKeySpec(Pem.read(publicKey, "PUBLIC KEY"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a pair of EC keys", e);
        }
    }

    /** A request for a certificate for this key: PKCS #10 (RFC 2986), PEM. */
    public String certificateRequest(UUID runtime) {
        return CertificateRequest.write(new X500Principal("CN=" + runtime), publicKey, privateKey);
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    PublicKey publicKey() {
        return publicKey;
    }

    /** PKCS #8: a secret. */
    String privatePem() {
        return Pem.write("PRIVATE KEY", privateKey.getEncoded());
    }

    String publicPem() {
        return Pem.write("PUBLIC KEY", publicKey.getEncoded());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "RuntimeKey";
    }
}
