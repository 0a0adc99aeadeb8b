package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.wire.Report;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates follow one another, and nobody notices. */
class RenewalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();

    @TempDir
    Path directory;

    @BeforeEach
    void serve() {
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
        controlPlane.certifyFor(Duration.ofSeconds(6));
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void reportsGoOnWithoutAGapWhileCertificatesFollowOneAnother() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            eventually(() -> assertThat(controlPlane.reports()).isNotEmpty());
            long first = controlPlane.reports().get(0).sequence();
            for (int i = 0; controlPlane.shown().size() < 4 && i < 2_000; i++) {
                runtime.record(10, Configurations.mockRoute(), 200);
                int shown = controlPlane.shown().size();
                int reports = controlPlane.reports().size();
                eventually(PATIENCE, () -> assertThat(controlPlane.shown().size() > shown
                                || controlPlane.reports().size() > reports)
                        .isTrue());
            }

            assertThat(controlPlane.shown()).hasSizeGreaterThanOrEqualTo(4);
            List<Long> sequences =
                    controlPlane.reports().stream().map(Report::sequence).toList();
            assertThat(sequences)
                    .containsExactlyElementsOf(LongStream.range(first, first + sequences.size())
                            .boxed()
                            .toList());
            assertThat(controlPlane.enrolments()).isEqualTo(1);
            assertThat(controlPlane.certified()).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRenewalThatFailsIsTriedAgainAndWhatItBroughtIsKept() {
        controlPlane.failRenewals(2);
        Instant expiry;
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            controlPlane.certifyFor(Duration.ofHours(3));
            eventually(() -> assertThat(controlPlane.shown()).hasSize(2));
            expiry = runtime.identity().life().notAfter();
            runtime.stopInOrder();
        }
        assertThat(expiry).isAfter(Instant.now().plus(Duration.ofHours(2)));
        try (LoopUnderTest again = start()) {
            assertThat(again.identity().life().notAfter()).isEqualTo(expiry);
        }
        assertThat(controlPlane.enrolments()).isEqualTo(1);
    }

    private LoopUnderTest start() {
        return LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON);
    }
}
