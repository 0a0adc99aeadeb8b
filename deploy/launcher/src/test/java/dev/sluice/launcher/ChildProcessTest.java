package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private @Nullable ChildProcess child;

    @AfterEach
    void end() {
        if (child != null) {
            child.kill();
        }
    }

    /** A JVM that prints "running" and stops in order, saying so, on SIGTERM. */
    @Test
    void aJvmSurvivesTheTerminalsSignalsAndStopsOnTerm() {
        ChildProcess jvm = start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StayingMain.class.getName());
        await(() -> jvm.logTail(5).contains("running"));
        Signals.send("INT", jvm.pid());
        Signals.send("HUP", jvm.pid());
        assertThat(jvm.awaitExit(Duration.ofMillis(300))).isFalse();
        jvm.terminate();
        assertThat(jvm.awaitExit(SOON)).isTrue();
        assertThat(jvm.exitCode()).isEqualTo(143);
        assertThat(jvm.logTail(1)).isEqualTo("    stopped in order");
    }

    @Test
    void aFrozenProcessStandsStillUntilItIsThawed() {
        ChildProcess counter = start("/bin/sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done");
        await(() -> counter.logTail(1).strip().matches("[0-9]+"));
        counter.freeze();
        await(() -> state(counter) == 'T');
        String stoodAt = counter.logTail(1);
        assertThat(counter.awaitExit(Duration.ofMillis(200))).isFalse();
        assertThat(counter.logTail(1)).isEqualTo(stoodAt);
        counter.thaw();
        await(() -> !counter.logTail(1).equals(stoodAt));
    }

    @Test
    void whoIgnoresTermIsKilledInTheEnd() {
        ChildProcess stubborn = start("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done");
        await(() -> stubborn.logTail(1).contains("ready"));
        assertThat(stubborn.stop(Duration.ofMillis(200))).isFalse();
        assertThat(stubborn.alive()).isFalse();
        assertThat(stubborn.exitCode()).isEqualTo(137);
    }

    @Test
    void theLogOfTheStartBeforeIsKeptOnce() throws IOException {
        assertThat(start("/bin/sh", "-c", "echo first; exit 3").awaitExit(SOON)).isTrue();
        ChildProcess second = start("/bin/sh", "-c", "echo second");
        assertThat(second.awaitExit(SOON)).isTrue();
        assertThat(second.exitCode()).isZero();
        assertThat(Files.readString(second.spec().log())).isEqualTo("second\n");
        assertThat(Files.readString(directory.resolve("child.log.1"))).isEqualTo("first\n");
    }

    @Test
    void nothingIsInheritedButWhatIsGiven() throws IOException {
        ChildProcess env = start("/usr/bin/env");
        assertThat(env.awaitExit(SOON)).isTrue();
        assertThat(Files.readString(env.spec().log())).contains("GIVEN=1\n").doesNotContain("HOME=");
    }

    @Test
    void aCommandThatIsNotThereEndsByItself() {
        ChildProcess none = start("/nowhere/program");
        assertThat(none.awaitExit(SOON)).isTrue();
        assertThat(none.exitCode()).isEqualTo(127);
        assertThatThrownBy(() ->
                        ChildProcess.start(new ChildSpec("x", List.of("a"), Map.of(), Path.of("/proc/nowhere/x.log"))))
                .isInstanceOfAny(StartFailedException.class, java.io.UncheckedIOException.class);
    }

    private ChildProcess start(String... command) {
        child = ChildProcess.start(new ChildSpec(
                "child",
                List.of(command),
                Map.of("GIVEN", "1", "PATH", "/usr/bin:/bin"),
                directory.resolve("child.log")));
        return child;
    }

    private static char state(ChildProcess process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return '?';
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
