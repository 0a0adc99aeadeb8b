package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final List<ChildProcess> children = new ArrayList<>();
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private Home home;
    private Leftovers leftovers;

    @BeforeEach
    void make() {
        home = Home.at(directory);
        leftovers = new Leftovers(home, new Progress(new PrintStream(terminal, true, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void end() {
        children.forEach(ChildProcess::kill);
    }

    @Test
    void runtimesOfALargerStartAreStoppedByASmallerOne() {
        for (String name : List.of("runtime-1", "runtime-2", "runtime-3", "control-plane", "echo")) {
            start(name);
        }
        try (FileLease ours = FileLease.take(home.runtimeLock("runtime-1")).orElseThrow()) {
            assertThat(ours).isNotNull();
            leftovers.stop(List.of("runtime-1"));
        }
        assertThat(children).allMatch(child -> child.awaitExit(SOON));
        assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("stopping runtime-3, left behind");
    }

    @Test
    void aRuntimeThatWasAddedAndIsHeldGoesOn() {
        ChildProcess added = start("runtime-2");
        try (FileLease holder = FileLease.take(home.runtimeLock("runtime-2")).orElseThrow()) {
            assertThat(holder).isNotNull();
            leftovers.stop(List.of());
        }
        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(added.alive()).isTrue();
    }

    @CanIgnoreReturnValue
    private ChildProcess start(String name) {
        ChildProcess child = ChildProcess.start(new ChildSpec(
                name,
                List.of("/bin/sh", "-c", "exec sleep 60"),
                Map.of("PATH", "/usr/bin:/bin"),
                directory.resolve(name + ".out")));
        children.add(child);
        home.runFiles().note(name, child.pid());
        return child;
    }
}
