package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.wire.Report;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.ControlPlaneDouble.Reports;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane's sum is what was recorded, whatever happens in between. */
class CountsTest {
    private static final UUID ROUTE = Configurations.mockRoute();

    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();

    @TempDir
    Path directory;

    @BeforeEach
    void serve() {
        controlPlane.serve(Configurations.mockbin(1, 1, 9000, 0));
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    /** One may be on its way already; there is one a second. */
    @Test
    void whatIsRecordedIsInTheNextReportButOne() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(controlPlane.reports()).isNotEmpty());
            runtime.record(1_000, ROUTE, 200);
            runtime.record(10, null, 404);
            int before = controlPlane.reports().size();
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(1_010));
            List<Report> reports = controlPlane.reports();
            assertThat(reports.subList(Math.min(before + 2, reports.size()), reports.size()))
                    .allSatisfy(later -> assertThat(later.counts()).isEmpty());
            assertThat(controlPlane.total(404)).isEqualTo(10);
            eventually(() -> assertThat(runtime.status().unacknowledgedRows()).isZero());
        }
    }

    @Test
    void lostAnswersAndRefusedReportsDoNotChangeTheSum() {
        try (LoopUnderTest runtime = start()) {
            int recorded = 0;
            for (Reports mode : new Reports[] {
                Reports.UNACKNOWLEDGED, Reports.REFUSED, Reports.TAKEN, Reports.UNACKNOWLEDGED, Reports.TAKEN
            }) {
                controlPlane.reports(mode);
                runtime.record(100, ROUTE, 200);
                recorded += 100;
                int before = controlPlane.reports().size();
                if (mode != Reports.REFUSED) {
                    eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(before + 1));
                }
            }
            int all = recorded;
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(all));
            eventually(() -> assertThat(runtime.status().unacknowledgedRows()).isZero());
            assertThat(controlPlane.total()).isEqualTo(all);
        }
    }

    @Test
    void sequencesOnlyRise() {
        try (LoopUnderTest runtime = start()) {
            runtime.record(3, ROUTE, 200);
            eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(3));
            assertThat(controlPlane.reports().stream().map(Report::sequence))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void countsOfAnOutageOutliveTheProcess() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            controlPlane.goDown();
            runtime.record(500, ROUTE, 200);
            runtime.record(7, null, 404);
            eventually(() -> assertThat(spooled()).isTrue());
            runtime.stopInOrder();
        }
        try (LoopUnderTest again = start()) {
            again.record(20, ROUTE, 200);
            controlPlane.listen();
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(527));
            eventually(() -> assertThat(spooled()).isFalse());
            assertThat(controlPlane.total(404)).isEqualTo(7);
        }
    }

    @Test
    void aKilledProcessHasSpooledWhatIsOlderThanASecond() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            controlPlane.reports(Reports.REFUSED);
            runtime.record(500, ROUTE, 200);
            eventually(() -> assertThat(spooled()).isTrue());
        }
        controlPlane.reports(Reports.TAKEN);
        try (LoopUnderTest again = start()) {
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(500));
            eventually(() -> assertThat(spooled()).isFalse());
            assertThat(again.status().unacknowledgedRows()).isZero();
        }
    }

    @Test
    void aSpoolOfWhatWasTakenAlreadyCountsNothingTwice() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            controlPlane.reports(Reports.UNACKNOWLEDGED);
            runtime.record(500, ROUTE, 200);
            eventually(() -> assertThat(spooled()).isTrue());
        }
        controlPlane.reports(Reports.TAKEN);
        try (LoopUnderTest again = start()) {
            again.record(1, ROUTE, 200);
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(501));
            eventually(() -> assertThat(spooled()).isFalse());
            assertThat(controlPlane.total()).isEqualTo(501);
        }
    }

    @Test
    void anOrderlyStopDeliversEverythingAndSaysSoLast() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            runtime.record(250, ROUTE, 200);
            runtime.stopInOrder();
            assertThat(controlPlane.total()).isEqualTo(250);
            assertThat(controlPlane.lastReport().state().stopped()).isTrue();
            assertThat(controlPlane.reports().stream()
                            .filter(report -> report.state().stopped()))
                    .hasSize(1);
        }
    }

    @Test
    void moreThanAReportHoldsFollowsAtOnce() {
        try (LoopUnderTest runtime = start()) {
            runtime.recordEach(25_000);
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(25_000));
            eventually(() -> assertThat(runtime.status().unacknowledgedRows()).isZero());
        }
    }

    @Test
    void theMinuteIsTheControlPlanesAndNeverGoesBack() {
        long ahead = TimeUnit.HOURS.toMillis(5);
        controlPlane.clockAhead(ahead);
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(2));
            runtime.record(1, ROUTE, 200);
            long theirs = TimeUnit.MILLISECONDS.toMinutes(System.currentTimeMillis() + ahead);
            eventually(() -> assertThat(controlPlane.latestMinute()).isBetween(theirs - 1, theirs + 1));
            controlPlane.clockAhead(0);
            int before = controlPlane.reports().size();
            eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(before + 2));
            runtime.record(1, ROUTE, 500);
            eventually(() -> assertThat(controlPlane.total()).isEqualTo(2));
            assertThat(controlPlane.earliestMinute()).isBetween(theirs - 1, theirs + 1);
        }
    }

    private boolean spooled() {
        String[] files = directory.resolve("spool").toFile().list();
        return files != null && files.length > 0;
    }

    private LoopUnderTest start() {
        return LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON);
    }
}
