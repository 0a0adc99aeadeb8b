package dev.sluice.model.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.problem.Violation;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRulesTest {
    private static final MadeCertificate ROOT = MadeCertificate.authority("root", null);
    private static final MadeCertificate MIDDLE = MadeCertificate.authority("middle", ROOT);
    private static final MadeCertificate LEAF = MadeCertificate.leaf("api.example.com", "EC P-256", MIDDLE);
    private static final MadeCertificate RSA_LEAF = MadeCertificate.leaf("api.example.com", "RSA 2048", null);

    private final List<Violation> faults = new ArrayList<>();

    @Test
    void aLeafWithItsIssuersIsAChain() {
        List<X509Certificate> chain =
                CertificateRules.chain("cert", LEAF.cert() + "\n" + MIDDLE.cert() + ROOT.cert(), faults);
        assertThat(faults).isEmpty();
        assertThat(chain).containsExactly(LEAF.certificate(), MIDDLE.certificate(), ROOT.certificate());
        assertThat(CertificateRules.chain("cert", RSA_LEAF.cert(), faults)).hasSize(1);
    }

    @Test
    void aChainOutOfOrderIsRefused() {
        refusesChain(LEAF.cert() + ROOT.cert(), "certificate 2 did not issue certificate 1");
        refusesChain(LEAF.cert() + MIDDLE.cert() + RSA_LEAF.cert(), "certificate 3 did not issue certificate 2");
        refusesChain(MIDDLE.cert() + LEAF.cert(), "begins with the certificate of an authority");
    }

    @Test
    void theFieldTellsWhatIsNoCertificate() {
        refusesChain("hello", "is no certificate in PEM");
        refusesChain("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is no certificate in PEM");
        refusesChain(LEAF.cert().repeat(11), "at most 10");
        refusesChain("x".repeat(65_537), "more than 65536 characters");
        refusesChain("-----BEGIN CERTIFICATE-----" + " ".repeat(60_000), "is no certificate in PEM");
    }

    @Test
    void aKeyInACertificatesFieldIsNotKeptThere() {
        refusesChain(LEAF.cert() + LEAF.key(), "has a private key in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA 1024", "Ed25519"})
    void weakAndUnknownKeysAreRefused(String type) {
        refusesChain(MadeCertificate.leaf("a.example", type, null).cert(), "are supported");
    }

    @Test
    void anAuthorityIsOneCertificateThatMayIssue() {
        assertThat(CertificateRules.authority("cert", ROOT.cert(), faults)).isEqualTo(ROOT.certificate());
        assertThat(faults).isEmpty();
        assertThat(CertificateRules.authority("cert", LEAF.cert(), faults)).isNull();
        assertThat(CertificateRules.authority("cert", ROOT.cert() + MIDDLE.cert(), faults))
                .isNull();
        assertThat(faults)
                .extracting(Violation::message)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("is not the certificate of an authority"),
                        second -> assertThat(second).startsWith("has 2 certificates"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA 2048", "EC P-256", "EC P-384", "EC P-521"})
    void aKeyIsReadInEveryUsualForm(String type) {
        MadeCertificate made = MadeCertificate.leaf("a.example", type, null);
        PrivateKey modern = PrivateKeys.read(made.key());
        assertThat(PrivateKeys.write(PrivateKeys.read(made.traditionalKey())))
                .isEqualTo(PrivateKeys.write(modern))
                .startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(PrivateKeys.read(PrivateKeys.write(modern))).isEqualTo(modern);
        assertThat(PrivateKeys.belong(modern, made.certificate().getPublicKey()))
                .isTrue();
        assertThat(PrivateKeys.belong(modern, MadeCertificate.pair(type).getPublic()))
                .isFalse();
    }

    @Test
    void whatIsNoKeyIsToldWithoutRepeatingIt() {
        String secret = LEAF.key().lines().skip(1).findFirst().orElseThrow();
        String damaged = "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n";
        for (String text : List.of(
                secret,
                damaged,
                damaged.replace("PRIVATE", "RSA PRIVATE"),
                damaged.replace("PRIVATE", "EC PRIVATE"),
                damaged.replace("PRIVATE", "ENCRYPTED PRIVATE"),
                new MadeCertificate(LEAF.certificate(), MadeCertificate.pair("Ed25519"), null).key())) {
            assertThatThrownBy(() -> PrivateKeys.read(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(secret)
                    .hasMessageMatching("(is|does) .*");
        }
        assertThat(CertificateRules.key("key", damaged, faults)).isNull();
        assertThat(CertificateRules.key("key", "x".repeat(16_385), faults)).isNull();
        assertThat(faults).hasSize(2);
    }

    @Test
    void aKeyBelongsToItsCertificate() {
        CertificateRules.belongs("key", LEAF.keys().getPrivate(), "cert", LEAF.certificate(), faults);
        assertThat(faults).isEmpty();
        CertificateRules.belongs("key", MIDDLE.keys().getPrivate(), "cert", LEAF.certificate(), faults);
        CertificateRules.belongs("key", RSA_LEAF.keys().getPrivate(), "cert", LEAF.certificate(), faults);
        assertThat(faults).hasSize(2).extracting(Violation::field).containsOnly("key");
    }

    @Test
    void anAlternativeHasAnotherTypeOfKey() {
        CertificateRules.differs("cert_alt", RSA_LEAF.certificate(), LEAF.certificate(), faults);
        assertThat(faults).isEmpty();
        CertificateRules.differs("cert_alt", LEAF.certificate(), LEAF.certificate(), faults);
        assertThat(faults).hasSize(1);
    }

    @Test
    void factsSayWhatPeopleAskFor() {
        CertificateFacts facts = CertificateFacts.of(LEAF.certificate());
        assertThat(facts.subject()).isEqualTo("CN=api.example.com");
        assertThat(facts.issuer()).isEqualTo("CN=middle");
        assertThat(facts.sans()).containsExactly("DNS:api.example.com", "IP:127.0.0.1");
        assertThat(facts.keyType()).isEqualTo("EC P-256");
        assertThat(CertificateFacts.of(RSA_LEAF.certificate()).keyType()).isEqualTo("RSA 2048");
        assertThat(facts.fingerprint()).matches("[0-9a-f]{64}");
        assertThat(facts.warning(Instant.now())).isNull();
    }

    @Test
    void timesThatMatterAreWarnedOf() {
        CertificateFacts facts = CertificateFacts.of(LEAF.certificate());
        assertThat(facts.warning(facts.notAfter().plusSeconds(1))).startsWith("It has expired at ");
        assertThat(facts.warning(facts.notBefore().minusSeconds(1))).startsWith("It is not valid before ");
        assertThat(facts.warning(facts.notAfter().minus(Duration.ofHours(50)))).endsWith("in less than 3 days.");
        assertThat(CertificateRules.chain("cert", MadeCertificate.expired("old").cert(), faults))
                .hasSize(1);
    }

    private void refusesChain(String pem, String message) {
        faults.clear();
        assertThat(CertificateRules.chain("cert", pem, faults)).isNull();
        assertThat(Objects.requireNonNull(faults.get(0)).message()).contains(message);
        assertThat(faults.get(0).field()).isEqualTo("cert");
    }
}
