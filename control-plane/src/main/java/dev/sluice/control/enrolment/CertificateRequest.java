package dev.sluice.control.enrolment;

import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.trust.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Certificate requests (PKCS #10, RFC 2986) of runtimes. The signature shows that the caller has the private key; of the
 * rest nothing but the public key is taken over.
 */
final class CertificateRequest {
    private static final Map<String, String> ALGORITHMS =
            Map.of("1.2.840.10045.2.1", "EC", "1.2.840.113549.1.1.1", "RSA", "1.3.101.112", "Ed25519");
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;

    private CertificateRequest() {}

    /**
     * The key of a request, after its signature was checked. Costs a signature: for a worker thread.
     *
     * @throws InvalidConfigurationException when the request cannot be read, is not signed with its key, or the key is
     *     of another kind than those that are taken
     */
    static PublicKey key(String pem) {
        try {
            PKCS10CertificationRequest request =
                    new PKCS10CertificationRequest(Pem.read(pem, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
            PublicKey key = key(request.getSubjectPublicKeyInfo());
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw wrong("is not signed with the key that is in it.");
            }
            return key;
        } catch (InvalidConfigurationException e) {
            throw e;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) { // readers of hostile bytes throw whatever they please
            throw wrong("is no certificate request (PKCS #10 in PEM) that can be read.");
        }
    }

    private static PublicKey key(SubjectPublicKeyInfo info) throws GeneralSecurityException, IOException {
        String algorithm = ALGORITHMS.get(info.getAlgorithm().getAlgorithm().getId());
        if (algorithm == null) {
            throw unfit();
        }
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        boolean fit = key instanceof ECPublicKey curve
                ? isOn("secp256r1", curve) || isOn("secp384r1", curve)
                : !(key instanceof RSAPublicKey rsa) || isFit(rsa);
        if (!fit) {
            throw unfit();
        }
        return key;
    }

    private static boolean isOn(String name, ECPublicKey key) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        ECParameterSpec shown = key.getParams();
        return shown.getCurve().equals(curve.getCurve())
                && shown.getGenerator().equals(curve.getGenerator())
                && shown.getOrder().equals(curve.getOrder());
    }

    private static boolean isFit(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS && exponent.testBit(0) && exponent.bitLength() <= 64;
    }

    private static InvalidConfigurationException unfit() {
        return wrong("has a key of another kind than ECDSA P-256 or P-384, Ed25519, or RSA with 2048 to 8192 bits.");
    }

    private static InvalidConfigurationException wrong(String message) {
        return new InvalidConfigurationException(List.of(new Violation("certificate_request", "invalid", message)));
    }
}
