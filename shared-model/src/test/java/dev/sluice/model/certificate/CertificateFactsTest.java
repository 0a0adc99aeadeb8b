package dev.sluice.model.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateFactsTest {
    private static CertificateFacts facts(List<String> sans) {
        return new CertificateFacts(
                "CN=subject.example.com", "CN=issuer", sans, Instant.EPOCH, Instant.EPOCH, "1", "ab", "EC P-256");
    }

    @ParameterizedTest
    @CsvSource({
        "DNS:api.example.com, api.example.com, true",
        "DNS:API.Example.com, api.example.com, true",
        "DNS:api.example.com, www.example.com, false",
        "DNS:*.example.com, api.example.com, true",
        "DNS:*.example.com, a.api.example.com, false",
        "DNS:*.example.com, example.com, false",
        "DNS:*.example.com, *.example.com, true",
        "DNS:api.example.com, *.example.com, true",
        "DNS:example.com, *.example.com, false",
        "DNS:api.example.com, api.example.*, true",
        "DNS:www.example.com, api.example.*, false",
        "DNS:www.*, www.example, false",
        "DNS:www.example.com, *, true",
        "DNS:a.example DNS:b.example, b.example, true",
        "IP:10.0.0.1, api.example.com, false",
        "DNS:other.example, subject.example.com, false",
    })
    void aServerNameIsCoveredByDnsNamesAlone(String sans, String serverName, boolean covered) {
        assertThat(facts(Arrays.asList(sans.split(" "))).covers(serverName)).isEqualTo(covered);
    }
}
