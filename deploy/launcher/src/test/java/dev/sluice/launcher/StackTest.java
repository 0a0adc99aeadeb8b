package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private Stack stack;

    @BeforeEach
    void make() {
        stack = new Stack(
                new Progress(new PrintStream(terminal, true, StandardCharsets.UTF_8)),
                new Loopback(),
                new RunFiles(directory.resolve("run")));
    }

    @AfterEach
    void end() {
        assertThat(stack.stop(Duration.ofMillis(100))).isIn(true, false);
    }

    @Test
    void runtimesStopBeforeTheControlPlaneWhateverTheOrderOfTheirStart() {
        stack.start(child("control-plane", "exec sleep 60"));
        stack.start(child("runtime-1", "exec sleep 60"));
        stack.start(child("echo", "exec sleep 60"));
        stack.start(child("runtime-2", "exec sleep 60"));
        assertThat(stack.stop(Duration.ofSeconds(10))).isTrue();
        assertThat(terminal.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceFirst(".*s] ", "")))
                .containsExactly("stopping runtime-1, runtime-2", "stopping control-plane", "stopping echo");
    }

    @Test
    void aProcessThatEndsByItselfIsToldWithTheEndOfItsLog() {
        stack.start(child("echo", "exec sleep 60"));
        stack.start(child("runtime-1", "echo out of luck; exit 7"));
        assertThatThrownBy(stack::watch)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("runtime-1 ended by itself, exit code 7.")
                .hasMessageContaining("out of luck");
    }

    @Test
    void whatDoesNotStopInTimeIsKilledAndTold() {
        stack.start(child("runtime-1", "trap '' TERM; echo deaf; while :; do sleep 0.05; done"));
        awaitLog("runtime-1", "deaf");
        assertThat(stack.stop(Duration.ofMillis(300))).isFalse();
        assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("runtime-1 did not stop in time and was killed");
    }

    @Test
    void nothingStartsOnceTheStopBegan() {
        assertThat(stack.stop(Duration.ofSeconds(1))).isTrue();
        assertThatThrownBy(() -> stack.start(child("late", "exec sleep 60"))).isInstanceOf(StoppingException.class);
    }

    @Test
    void aDatabaseWhoseStopCannotEvenBeTriedIsKilledAndTold() throws IOException {
        EmbeddedDatabase database = EmbeddedDatabase.prepare(
                directory.resolve("postgres"),
                directory.resolve("logs/postgres.log"),
                new Secrets(directory.resolve("secrets")),
                Ports.free());
        stack.start(database);
        PostgresProgram.deleteTree(directory.resolve("logs"));
        assertThat(stack.stop(Duration.ofSeconds(1))).isFalse();
        await(() -> !database.running());
        assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("stopping PostgreSQL");
    }

    private void awaitLog(String name, String text) {
        await(() -> LogTail.of(directory.resolve(name + ".log"), 5).contains(text));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private PlaneProcesses.Startable child(String name, String script) {
        return new PlaneProcesses.Startable(
                new ChildSpec(
                        name,
                        List.of("/bin/sh", "-c", script),
                        Map.of("PATH", "/usr/bin:/bin"),
                        directory.resolve(name + ".log")),
                URI.create("http://127.0.0.1:" + Ports.free() + "/"));
    }
}
