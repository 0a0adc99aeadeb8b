package dev.sluice.control.trust;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.enrolment.LogLines;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExpiryWatchTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private final ExpiryWatch watch = new ExpiryWatch(plane.vertx(), plane.database(), plane.trust(), plane.meters());

    @Test
    void whatIsNearItsEndIsWarnedOfOnceADay() {
        Instant end = plane.trust().signingKeys().notAfter();
        try (LogLines log = new LogLines()) {
            await(watch.look(end.minus(Duration.ofDays(31))));
            assertThat(log.with("signing key expires on")).isEmpty();

            Instant near = end.minus(Duration.ofDays(29));
            await(watch.look(near));
            await(watch.look(near.plus(Duration.ofHours(23))));
            assertThat(log.with("snapshot signing key expires on " + end)).hasSize(1);
            await(watch.look(near.plus(Duration.ofHours(25))));
            assertThat(log.with("snapshot signing key expires on " + end)).hasSize(2);
            assertThat(log.with("certificate authority")).isEmpty();
        }
    }

    @Test
    void aRuntimeThatDoesNotRenewIsWarnedOfAndShowsInTheMetrics() {
        Head group = plane.group("late");
        ReportingRuntime late = new ReportingRuntime("late-1", group);
        ReportingRuntime punctual = new ReportingRuntime("punctual", group);
        plane.taken(late.report());
        plane.taken(punctual.report());
        Instant end = Instant.now().plus(Duration.ofDays(6)).truncatedTo(ChronoUnit.SECONDS);
        plane.sql(
                "UPDATE runtime_certificate SET not_before = now() - interval '24 days', not_after = $2"
                        + " WHERE runtime_id = $1",
                late.id(),
                end.atOffset(ZoneOffset.UTC));

        try (LogLines log = new LogLines()) {
            await(watch.look(Instant.now()));
            await(watch.look(Instant.now()));

            assertThat(log.with("should have renewed its certificate"))
                    .singleElement()
                    .asString()
                    .contains("late-1 (" + late.id() + ")");
        }
        String metrics = plane.meters().scrape();
        for (String certificate : new String[] {"authority", "bus_authority", "signing_key", "runtime_api"}) {
            assertThat(metrics)
                    .contains("sluice_certificate_expires_timestamp_seconds{certificate=\"" + certificate + "\"}");
        }
        double shown = metrics.lines()
                .filter(line ->
                        line.startsWith("sluice_certificate_expires_timestamp_seconds{certificate=\"runtime\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertThat(shown).isEqualTo((double) end.getEpochSecond());
    }
}
