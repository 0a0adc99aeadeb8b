package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.settings.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runtimes renew their certificates under load: nobody notices. */
class CertificateRenewalIT {
    private static final int RENEWALS = 2;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2).set(Setting.RUNTIME_CERTIFICATE_SECONDS, "30");

    private final AtomicInteger turn = new AtomicInteger();

    @Test
    void noRequestIsLostAndReportsGoOnWhileCertificatesAreRenewed() {
        SLUICE.declare("renewed", "", Map.of("name", "renewed", "paths", List.of("/renewed")));
        Map<String, Set<String>> expiries = new HashMap<>();

        long sent;
        try (Load load = Load.start(
                4,
                () -> SLUICE.runtime(turn.incrementAndGet() % 2).address("/renewed/request"),
                (uri, answer) -> answer.statusCode() == 200 ? "" : "status " + answer.statusCode())) {
            Await.until(Duration.ofSeconds(90), RENEWALS + " renewals of each runtime", () -> {
                for (Member runtime : SLUICE.runtimes()) {
                    JsonNode entry = SLUICE.directoryEntry(0, runtime);
                    if (!entry.path("state").asText().equals("live")) {
                        throw new AssertionError("a gap in the reports of " + runtime.name() + ": " + entry);
                    }
                    expiries.computeIfAbsent(runtime.name(), name -> new HashSet<>())
                            .add(entry.path("certificate_expires_at").asText());
                }
                return expiries.values().stream().allMatch(seen -> seen.size() > RENEWALS);
            });
            load.finish();
            assertThat(load.faults()).isEmpty();
            sent = load.answered();
        }
        SLUICE.api()
                .waiting(5)
                .post("/v1/services/renewed/versions/v.1/routes", Map.of("name", "after", "paths", List.of("/after")))
                .require(201);
        Await.until(
                Duration.ofSeconds(5),
                "the status shows all " + sent,
                () -> SLUICE.api()
                                .get("/v1/services/renewed/versions/v.1/status?from=" + SLUICE.start())
                                .require(200)
                                .body()
                                .path("total")
                                .asLong()
                        == sent);
    }
}
