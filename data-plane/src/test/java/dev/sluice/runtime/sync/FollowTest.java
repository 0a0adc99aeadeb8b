package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.NEVER_POLLING;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a runtime keeps up with its group, and what it does not let in. */
class FollowTest {
    private final TestAuthority authority = TestAuthority.SHARED;
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();

    @TempDir
    Path directory;

    @BeforeEach
    void serveRevisionFive() {
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void aPollAloneBringsTheNextRevision() {
        controlPlane.reports(ControlPlaneDouble.Reports.REFUSED);
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
        }
    }

    @Test
    void theAnswerToAReportAloneBringsTheNextRevision() {
        try (LoopUnderTest runtime =
                LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), NEVER_POLLING)) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().revision()).isEqualTo(6));
        }
    }

    @Test
    void whatIsServedAlreadyIsNotSentAgain() {
        try (LoopUnderTest runtime = start()) {
            int before = controlPlane.fetches();
            eventually(() -> assertThat(controlPlane.fetches()).isGreaterThan(before + 3));
            assertThat(controlPlane.fullAnswers()).isEqualTo(1);
            assertThat(runtime.servedRevision()).isEqualTo(5);
        }
    }

    @Test
    void aSnapshotWhoseDigestDoesNotHoldIsRefused() {
        byte[] untrue = new String(authority.signed(Configurations.mockbin(1, 6, 9000, 0)), StandardCharsets.UTF_8)
                .replace("9000", "6666")
                .getBytes(StandardCharsets.UTF_8);
        assertRefused("digest", () -> controlPlane.serve(untrue, "\"untrue\"", new Revision(1, 6)));
    }

    @Test
    void aSnapshotThatIsCutShortIsRefused() {
        byte[] whole = authority.signed(Configurations.mockbin(1, 6, 9000, 0));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertRefused("short", () -> controlPlane.serve(half, "\"half\"", new Revision(1, 6)));
    }

    @Test
    void aSnapshotOfAnotherGroupIsRefused() {
        assertRefused("group other", () -> controlPlane.serve(Configurations.empty("other", 1, 6)));
    }

    @Test
    void anOlderRevisionIsRefused() {
        assertRefused("older", () -> controlPlane.serve(Configurations.mockbin(1, 4, 9000, 0)));
    }

    @Test
    void otherContentUnderTheServedRevisionIsRefused() {
        assertRefused("same revision", () -> controlPlane.serve(Configurations.mockbin(1, 5, 9999, 0)));
    }

    @Test
    void aSnapshotThatDoesNotCompileIsRefusedAndTheNextOneServed() {
        Snapshot broken = Configurations.uncompilable(1, 6);
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(broken);
            eventually(() -> assertThat(refusal(runtime).reason()).contains("does not compile"));
            eventually(() -> assertThat(controlPlane.lastReport().state().refusal())
                    .extracting(Refusal::revision)
                    .isEqualTo(6L));
            int fullAnswers = controlPlane.fullAnswers();
            int fetches = controlPlane.fetches();
            eventually(() -> assertThat(controlPlane.fetches()).isGreaterThan(fetches + 3));
            assertThat(controlPlane.fullAnswers()).isEqualTo(fullAnswers);
            assertThat(runtime.servedRevision()).isEqualTo(5);

            controlPlane.serve(Configurations.mockbin(1, 7, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(7));
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().refusal()).isNull());
        }
    }

    @Test
    void aRefusalIsOverOnceTheHeadIsWhatIsServed() {
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(Configurations.uncompilable(1, 6));
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().refusal()).isNotNull());

            controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));

            eventually(() -> assertThat(runtime.status().refusal()).isNull());
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().refusal()).isNull());
            assertThat(runtime.servedRevision()).isEqualTo(5);
        }
    }

    @Test
    void aRaisedEpochIsServedThoughItsNumberIsLower() {
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(Configurations.mockbin(2, 1, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(1));
        }
    }

    @Test
    void anOutageChangesNothingAndEndsByItself() {
        try (LoopUnderTest runtime = start()) {
            controlPlane.goDown();
            eventually(() -> assertThat(runtime.status().connected()).isFalse());
            assertThat(runtime.servedRevision()).isEqualTo(5);
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            controlPlane.listen();
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
        }
    }

    @Test
    void theOtherControlPlaneTakesOver() {
        try (ControlPlaneDouble other = ControlPlaneDouble.started();
                LoopUnderTest runtime =
                        LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane, other), SOON)) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            other.serve(Configurations.mockbin(1, 6, 9000, 0));
            controlPlane.goDown();
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            eventually(() -> assertThat(other.lastReport().state().revision()).isEqualTo(6));
        }
    }

    @Test
    void aSnapshotIsServedThoughItCannotBeKept() throws IOException {
        try (LoopUnderTest runtime = start()) {
            Path lastGood = directory.resolve("last-good");
            eventually(() -> assertThat(lastGood).isDirectoryContaining("glob:**/1.snapshot"));
            Path aside = directory.resolve("aside");
            Files.move(lastGood, aside);
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            // Compiling waits for what is being kept, so once this is served, keeping the one before has failed.
            controlPlane.serve(Configurations.mockbin(1, 7, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(7));
            Files.move(aside, lastGood);
            controlPlane.serve(Configurations.mockbin(1, 8, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(8));
            runtime.stopInOrder();
            assertThat(lastGood.toFile().list()).hasSizeLessThanOrEqualTo(2);
        }
        controlPlane.goDown();
        try (LoopUnderTest again = LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON)) {
            assertThat(again.servedRevision()).isEqualTo(8);
        }
    }

    private void assertRefused(String reason, Runnable change) {
        try (LoopUnderTest runtime = start()) {
            change.run();
            eventually(() -> assertThat(refusal(runtime).reason()).contains(reason));
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().refusal()).isNotNull());
            assertThat(controlPlane.lastReport().state().revision()).isEqualTo(5);
            assertThat(runtime.servedRevision()).isEqualTo(5);
        }
    }

    private LoopUnderTest start() {
        LoopUnderTest runtime = LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON);
        eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        return runtime;
    }

    private static Refusal refusal(LoopUnderTest runtime) {
        Refusal refusal = runtime.status().refusal();
        if (refusal == null) {
            throw new AssertionError("Nothing was refused yet");
        }
        return refusal;
    }
}
