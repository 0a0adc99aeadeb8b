package dev.sluice.runtime.tls;

import dev.sluice.model.certificate.CertificateFacts;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when the certificates that clients are shown expire: Prometheus always, the log from 30 days before. */
public final class CertificateExpiry implements Collector {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateExpiry.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofDays(1);
    private static final int MOST_SHOWN = 1_000;

    private final Supplier<@Nullable ServedCertificates> served;
    private Map<String, Instant> warned = new HashMap<>();

    /** @param served what is served at the moment, from any thread; null while nothing is */
    public CertificateExpiry(Supplier<@Nullable ServedCertificates> served) {
        this.served = served;
    }

    private record Shown(ServedCertificate certificate, CertificateFacts facts) {}

    /** Warns of each certificate that has expired or soon will, once a day. */
    public synchronized void warn(Instant now) {
        warnings(now).forEach(LOG::warn);
    }

    /** What there is to be warned of that was not within a day. */
    synchronized List<String> warnings(Instant now) {
        Map<String, Instant> stillWarned = new HashMap<>();
        List<String> sentences = new ArrayList<>();
        for (Shown shown : shown()) {
            String warning = shown.facts().warning(now);
            if (warning == null) {
                continue;
            }
            String key = shown.certificate().id() + " " + shown.facts().fingerprint();
            Instant before = warned.get(key);
            if (before == null || !now.isBefore(before.plus(BETWEEN_WARNINGS))) {
                sentences.add("The certificate " + shown.certificate().label() + " ("
                        + shown.facts().subject() + "), which clients are shown: " + warning);
                before = now;
            }
            stillWarned.put(key, before);
        }
        warned = stillWarned;
        return sentences;
    }

    @Override
    public MetricSnapshot collect() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("sluice_served_certificate_expiry_timestamp_seconds")
                .help("When certificates that clients are shown expire, in seconds since the epoch");
        for (Shown shown : shown()) {
            gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(
                            "id",
                            shown.certificate().id().toString(),
                            "name",
                            shown.certificate().label(),
                            "key_type",
                            shown.facts().keyType()))
                    .value((double) shown.facts().notAfter().getEpochSecond())
                    .build());
        }
        return gauge.build();
    }

    private List<Shown> shown() {
        ServedCertificates current = served.get();
        Collection<ServedCertificate> certificates = current == null ? List.of() : current.certificates();
        return certificates.stream()
                .limit(MOST_SHOWN)
                .flatMap(certificate -> certificate.identities().stream()
                        .map(identity -> new Shown(
                                certificate,
                                CertificateFacts.of(identity.chain().get(0)))))
                .toList();
    }
}
