package dev.sluice.model.certificate;

import dev.sluice.model.trust.Pem;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/**
 * Requests for certificates, PKCS #10 (RFC 2986), without attributes, of EC keys. Written here because the JDK makes none
 * in public, and a library for it costs a starting process a third of its time: its jar is signed, and TLS looks into it
 * as soon as it is there.
 */
public final class CertificateRequest {
    private static final String ALGORITHM = "SHA256withECDSA";
    /** Its identifier, ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758 3.2), which takes no parameters. */
    private static final byte[] ALGORITHM_ID = HexFormat.of().parseHex("300a06082a8648ce3d040302");

    private CertificateRequest() {}

    /**
     * One for {@code publicKey}, signed with its counterpart; PEM.
     *
     * @throws IllegalStateException when the private key is none of an elliptic curve
     */
    public static String write(X500Principal subject, PublicKey publicKey, PrivateKey privateKey) {
        byte[] asked =
                Der.write(Der.SEQUENCE, Der.ZERO, subject.getEncoded(), publicKey.getEncoded(), Der.write(Der.FIRST));
        byte[] signature = Der.write(Der.BIT_STRING, Der.NO_UNUSED_BITS, signature(asked, privateKey));
        return Pem.write("CERTIFICATE REQUEST", Der.write(Der.SEQUENCE, asked, ALGORITHM_ID, signature));
    }

    private static byte[] signature(byte[] asked, PrivateKey privateKey) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(asked);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This key cannot sign", e);
        }
    }
}
