package dev.sluice.model.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.trust.Pem;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {
    @ParameterizedTest
    @ValueSource(strings = {"CN=a", "CN=2f1b5bd8-0f0c-4e0e-9d0f-2d2f6b5f1c11", "CN=a name that is long\\, O=x, C=AT"})
    void anotherImplementationReadsItAndFindsItSigned(String subject) throws Exception {
        KeyPair keys = pair("EC");

        String pem = CertificateRequest.write(new X500Principal(subject), keys.getPublic(), keys.getPrivate());

        JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(Pem.read(pem, "CERTIFICATE REQUEST"));
        assertThat(request.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(request.getSubject()).isEqualTo(new X500Name(subject));
        assertThat(request.getAttributes()).isEmpty();
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(keys.getPublic())))
                .isTrue();
        assertThat(request.isSignatureValid(
                        new JcaContentVerifierProviderBuilder().build(pair("EC").getPublic())))
                .isFalse();
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        KeyPair keys = pair("RSA");

        assertThatThrownBy(
                        () -> CertificateRequest.write(new X500Principal("CN=a"), keys.getPublic(), keys.getPrivate()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }
}
