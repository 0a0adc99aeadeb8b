package dev.sluice.model.certificate;

import dev.sluice.model.trust.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in PEM: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017 A.1.2) and SEC 1 (RFC 5915), of RSA and of the NIST curves.
 * What goes wrong is told without any part of the text.
 */
public final class PrivateKeys {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final HexFormat HEX = HexFormat.of();
    /** The algorithm rsaEncryption, 1.2.840.113549.1.1.1, with its NULL. */
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");
    /** The object identifier id-ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private PrivateKeys() {}

    /** @throws IllegalArgumentException with a sentence that says what it is instead */
    public static PrivateKey read(String pem) {
        if (pem.contains("ENCRYPTED")) {
            throw new IllegalArgumentException(
                    "is encrypted with a passphrase; send it without, it is sealed before it is stored");
        }
        if (pem.contains("BEGIN " + PKCS1)) {
            return decode(Der.write(Der.SEQUENCE, Der.ZERO, RSA, Der.write(Der.OCTET_STRING, block(pem, PKCS1))));
        }
        return decode(pem.contains("BEGIN " + SEC1) ? fromSec1(block(pem, SEC1)) : block(pem, PKCS8));
    }

    /** PKCS #8 in PEM, equal for equal keys. */
    public static String write(PrivateKey key) {
        return Pem.write(PKCS8, plain(key).getEncoded());
    }

    /** Whether a private key is the counterpart of a public one. */
    public static boolean belong(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(challenge);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(challenge);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] block(String pem, String label) {
        try {
            return Pem.read(pem, label);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is no private key in PEM, a block " + PKCS8 + ", " + PKCS1 + " or " + SEC1, e);
        }
    }

    /** SEC 1 names the curve within the key, PKCS #8 beside it. */
    private static byte[] fromSec1(byte[] sec1) {
        try {
            List<Der.Value> outer = Der.read(sec1);
            for (Der.Value part : Der.read(outer.get(0).content())) {
                if (part.tag() == Der.FIRST) {
                    byte[] algorithm = Der.write(Der.SEQUENCE, EC, part.content());
                    return Der.write(Der.SEQUENCE, Der.ZERO, algorithm, Der.write(Der.OCTET_STRING, sec1));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged();
        }
        throw new IllegalArgumentException("does not name its curve; convert it with openssl pkcs8 -topk8 -nocrypt");
    }

    private static PrivateKey decode(byte[] pkcs8) {
        PrivateKey rsa = decode("RSA", pkcs8);
        PrivateKey key = rsa == null ? decode("EC", pkcs8) : rsa;
        if (key == null) {
            throw damaged();
        }
        return plain(key);
    }

    /** Null where it is no key of this algorithm. */
    private static @Nullable PrivateKey decode(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }

    /** As the platform encodes it, whatever else stood in the file. */
    private static PrivateKey plain(PrivateKey key) {
        KeySpec spec;
        if (key instanceof RSAPrivateCrtKey rsa) {
            spec = new RSAPrivateCrtKeySpec(
                    rsa.getModulus(),
                    rsa.getPublicExponent(),
                    rsa.getPrivateExponent(),
                    rsa.getPrimeP(),
                    rsa.getPrimeQ(),
                    rsa.getPrimeExponentP(),
                    rsa.getPrimeExponentQ(),
                    rsa.getCrtCoefficient());
        } else if (key instanceof ECPrivateKey ec) {
            spec = new ECPrivateKeySpec(ec.getS(), ec.getParams());
        } else {
            throw damaged();
        }
        try {
            return KeyFactory.getInstance(key.getAlgorithm()).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            throw damaged();
        }
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException(
                "is damaged, or of a kind that is not supported: RSA, and EC on P-256, P-384 or P-521, are");
    }
}
