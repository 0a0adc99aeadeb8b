package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.TestAuthority;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where a runtime serves when it starts. */
class StartTest {
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void aFirstStartServesWhatTheControlPlaneHas() {
        controlPlane.serve(Configurations.mockbin(1, 4, 9000, 2_000));
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(4));
            eventually(() ->
                    assertThat(controlPlane.lastReport().state().revision()).isEqualTo(4));
            assertThat(controlPlane.lastReport().state().source()).isEqualTo("control_plane");
            assertThat(controlPlane.lastReport().runtime().boot()).isEqualTo(runtime.boot());
        }
    }

    @Test
    void aRestartServesFromDiskWhileNoControlPlaneAnswers() throws IOException {
        serveOnce(1, 4);
        controlPlane.goDown();
        try (LoopUnderTest runtime = start()) {
            assertThat(runtime.servedRevision()).isEqualTo(4);
            assertThat(source(runtime)).isEqualTo(SnapshotSource.DISK);
        }
    }

    @Test
    void aRestartServesFromDiskAndThenWhatIsNewer() throws IOException {
        serveOnce(1, 4);
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
        try (LoopUnderTest runtime = start()) {
            assertThat(source(runtime)).isNotNull();
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        }
    }

    @Test
    void theGenerationBeforeIsServedWhenTheNewestIsDamaged() throws IOException {
        serveOnce(1, 4);
        serveOnce(1, 5);
        controlPlane.goDown();
        damage(generations().get(0));
        try (LoopUnderTest runtime = start()) {
            assertThat(runtime.servedRevision()).isEqualTo(4);
        }
    }

    @Test
    void theControlPlaneIsAskedWhenBothGenerationsAreDamaged() throws IOException {
        serveOnce(1, 4);
        serveOnce(1, 5);
        for (Path generation : generations()) {
            damage(generation);
        }
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            assertThat(source(runtime)).isEqualTo(SnapshotSource.CONTROL_PLANE);
        }
    }

    @Test
    void twoGenerationsAreKeptAndNoMore() throws IOException {
        serveOnce(1, 4);
        serveOnce(1, 5);
        serveOnce(1, 6);
        assertThat(generations()).hasSize(2);
    }

    @Test
    void aSeedIsServedWhenThereIsNothingElseAndGivesWayToTheControlPlane() throws IOException {
        Path seed = directory.resolve("seed.snapshot");
        Files.write(seed, TestAuthority.SHARED.signed(Configurations.mockbin(1, 2, 9000, 0)));
        controlPlane.goDown();
        try (LoopUnderTest runtime = LoopUnderTest.start(
                LoopUnderTest.settings(directory.resolve("data"), seed, null, controlPlane), SOON)) {
            eventually(() -> assertThat(source(runtime)).isEqualTo(SnapshotSource.SEED));
            controlPlane.serve(Configurations.mockbin(1, 3, 9000, 0));
            controlPlane.listen();
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(3));
        }
    }

    @Test
    void theControlPlaneGoesBeforeTheSeed() throws IOException {
        Path seed = directory.resolve("seed.snapshot");
        Files.write(seed, TestAuthority.SHARED.signed(Configurations.mockbin(1, 2, 9000, 0)));
        controlPlane.serve(Configurations.mockbin(1, 3, 9000, 0));
        try (LoopUnderTest runtime = LoopUnderTest.start(
                LoopUnderTest.settings(directory.resolve("data"), seed, null, controlPlane), SOON)) {
            eventually(() -> assertThat(runtime.served()).isNotNull());
            assertThat(source(runtime)).isEqualTo(SnapshotSource.CONTROL_PLANE);
        }
    }

    @Test
    void withoutAnySnapshotItReportsThatItServesNoneAndKeepsTrying() {
        try (LoopUnderTest runtime = start()) {
            eventually(
                    () -> assertThat(controlPlane.lastReport().state().source()).isEqualTo("none"));
            controlPlane.serve(Configurations.mockbin(1, 1, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(1));
        }
    }

    private LoopUnderTest start() {
        return LoopUnderTest.start(LoopUnderTest.settings(directory.resolve("data"), controlPlane), SOON);
    }

    /** Serves this revision, and ends when it is kept. */
    private void serveOnce(long epoch, long number) throws IOException {
        String before = newest();
        controlPlane.serve(Configurations.mockbin(epoch, number, 9000, 0));
        try (LoopUnderTest runtime = start()) {
            eventually(() -> {
                assertThat(runtime.servedRevision()).isEqualTo(number);
                assertThat(newest()).isNotEqualTo(before);
            });
            runtime.stopInOrder(); // the one before the one before is deleted last
        }
    }

    private String newest() throws IOException {
        List<Path> all = Files.exists(directory.resolve("data")) ? generations() : List.of();
        return all.isEmpty() ? "" : all.get(0).getFileName().toString();
    }

    private static @Nullable SnapshotSource source(LoopUnderTest runtime) {
        CompiledSnapshot served = runtime.served();
        return served == null ? null : served.source();
    }

    private List<Path> generations() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve("last-good"))) {
            return files.filter(file -> file.toString().endsWith(".snapshot"))
                    .sorted(Comparator.comparing((Path file) -> Integer.parseInt(
                                    file.getFileName().toString().replace(".snapshot", "")))
                            .reversed())
                    .toList();
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
