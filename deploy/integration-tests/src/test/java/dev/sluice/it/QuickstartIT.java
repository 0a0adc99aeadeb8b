package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.launcher.Checkout;
import dev.sluice.launcher.ChildProcess;
import dev.sluice.launcher.ChildSpec;
import dev.sluice.launcher.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart as a person meets it: one command, a demo that works, an orderly end, data that are still there. */
class QuickstartIT {
    private static final Duration UP = Duration.ofMinutes(2);
    private static final Duration DOWN = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final int apiPort = Ports.free();
    private final int proxyPort = Ports.free();
    private ChildProcess quickstart;

    @BeforeEach
    void start() {
        quickstart = launch("first", "--demo");
        awaitUp();
    }

    @AfterEach
    void stop() {
        if (quickstart.alive()) {
            assertThat(quickstart.stop(DOWN)).isTrue();
        }
    }

    @Test
    void theDemoIsServedAndKeptOverARestartAndNothingIsLeftBehind() {
        assertThat(Http.get(mock()).body()).contains("<h1>Echo</h1>");
        List<ProcessHandle> children =
                ProcessHandle.of(quickstart.pid()).orElseThrow().descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);

        quickstart.terminate();
        assertThat(quickstart.awaitExit(DOWN)).isTrue();
        assertThat(quickstart.exitCode()).as(quickstart.logTail(20)).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);

        quickstart = launch("second");
        awaitUp();
        assertThat(Http.get(mock()).body()).contains("<h1>Echo</h1>");
    }

    @Test
    void aSecondOneOnTheSameDataIsRefusedInOneLine() {
        ChildProcess second = launch("other");
        assertThat(second.awaitExit(DOWN)).isTrue();
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.logTail(5).strip()).startsWith("quickstart: another quickstart runs on ");
    }

    @Test
    void aProcessThatDiesIsToldAndEverythingStops() {
        ProcessHandle runtime = ProcessHandle.of(quickstart.pid())
                .orElseThrow()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("data-plane.jar"))
                .findFirst()
                .orElseThrow();
        assertThat(runtime.destroyForcibly()).isTrue();
        assertThat(quickstart.awaitExit(DOWN)).isTrue();
        assertThat(quickstart.exitCode()).isEqualTo(1);
        assertThat(quickstart.logTail(60)).contains("runtime-1 ended by itself, exit code 137.");
    }

    private ChildProcess launch(String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--runtimes",
                "1",
                "--data",
                directory.resolve("data").toString(),
                "--api-port",
                Integer.toString(apiPort),
                "--proxy-port",
                Integer.toString(proxyPort)));
        arguments.addAll(List.of(options));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
        return ChildProcess.start(ChildSpec.java(
                "quickstart",
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-Dsluice.checkout=" + Checkout.find().directory()),
                Checkout.find().directory().resolve("deploy/launcher/target/launcher.jar"),
                arguments,
                environment,
                directory.resolve(name + ".log")));
    }

    private void awaitUp() {
        Await.until(UP, "the quickstart is up", () -> {
            if (!quickstart.alive()) {
                throw new AssertionError("the quickstart ended:\n" + quickstart.logTail(60));
            }
            return quickstart.logTail(3).contains("Ctrl-C stops everything");
        });
    }

    private URI mock() {
        return URI.create("http://127.0.0.1:" + proxyPort + "/mock");
    }
}
