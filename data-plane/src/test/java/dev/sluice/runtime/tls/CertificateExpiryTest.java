package dev.sluice.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.MadeCertificate;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CertificateExpiryTest {
    private static final MadeCertificate EC = MadeCertificate.leaf("api", "EC P-256", null);
    private static final MadeCertificate RSA = MadeCertificate.leaf("api-rsa", "RSA 2048", null);
    private static final Instant END = EC.certificate().getNotAfter().toInstant();

    private final ServedCertificate certificate =
            new ServedCertificate(UUID.randomUUID(), "public", List.of(identity(EC), identity(RSA)));
    private final CertificateExpiry expiry =
            new CertificateExpiry(() -> ServedCertificates.of(Map.of("a.example", certificate, "*", certificate)));

    @Test
    void itIsWarnedFromThirtyDaysBeforeOnceADayForEachCertificate() {
        Instant soon = END.minus(Duration.ofDays(10));
        assertThat(expiry.warnings(END.minus(Duration.ofDays(31)))).isEmpty();
        assertThat(expiry.warnings(soon))
                .hasSize(2)
                .anyMatch(warning -> warning.startsWith(
                        "The certificate public (CN=api), which clients are shown: It expires at " + END));
        assertThat(expiry.warnings(soon.plus(Duration.ofHours(23)))).isEmpty();
        assertThat(expiry.warnings(soon.plus(Duration.ofHours(24)))).hasSize(2);
        assertThat(expiry.warnings(END.plus(Duration.ofDays(1))))
                .anyMatch(warning -> warning.contains("It has expired at " + END));
    }

    @Test
    void prometheusIsToldWhenEachExpires() {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(expiry);
        MetricSnapshot gauge = registry.scrape().stream().findFirst().orElseThrow();
        assertThat(gauge.getMetadata().getName()).isEqualTo("sluice_served_certificate_expiry_timestamp_seconds");
        assertThat(((GaugeSnapshot) gauge).getDataPoints()).hasSize(2).anySatisfy(point -> {
            assertThat(point.getLabels().get("name")).isEqualTo("public");
            assertThat(point.getLabels().get("key_type")).isEqualTo("EC P-256");
            assertThat(point.getValue()).isEqualTo((double) END.getEpochSecond());
        });
    }

    @Test
    void beforeAnythingIsServedThereIsNothingToTell() {
        CertificateExpiry nothing = new CertificateExpiry(() -> null);
        assertThat(nothing.warnings(END)).isEmpty();
        assertThat(((GaugeSnapshot) nothing.collect()).getDataPoints()).isEmpty();
    }

    private static Identity identity(MadeCertificate made) {
        return new Identity(List.of(made.certificate()), made.keys().getPrivate());
    }
}
