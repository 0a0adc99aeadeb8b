package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.launcher.Checkout;
import dev.sluice.launcher.ChildProcess;
import dev.sluice.launcher.ChildSpec;
import dev.sluice.launcher.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    void start() throws IOException {
        copyBuilt();
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
    void theDemoIsServedAndKeptOverARestartAndNothingIsLeftBehind() throws IOException {
        assertThat(Http.get(mock()).body()).contains("<h1>Echo</h1>");
        List<ProcessHandle> children =
                ProcessHandle.of(quickstart.pid()).orElseThrow().descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);
        ProcessHandle database = database();
        assertThat(database.isAlive()).isTrue();

        quickstart.terminate();
        assertThat(quickstart.awaitExit(DOWN)).isTrue();
        assertThat(quickstart.exitCode()).as(quickstart.logTail(20)).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        // It takes its file away just before it ends, and then waits to be reaped.
        Await.until(Duration.ofSeconds(10), "PostgreSQL has ended", () -> !database.isAlive());

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

    /** PostgreSQL, which is detached from the quickstart. */
    private ProcessHandle database() throws IOException {
        String number = Files.readAllLines(directory.resolve("data/postgres/data/postmaster.pid"))
                .get(0);
        return ProcessHandle.of(Long.parseLong(number.strip())).orElseThrow();
    }

    /** The script beside what is built, without sources: whatever is newer in the checkout, it builds nothing. */
    private void copyBuilt() throws IOException {
        Path checkout = Checkout.find().directory();
        for (String module : List.of("shared-model", "control-plane", "data-plane", "deploy/echo", "deploy/launcher")) {
            Path copy = Files.createDirectories(directory.resolve("checkout").resolve(module));
            Files.createSymbolicLink(
                    copy.resolve("target"), checkout.resolve(module).resolve("target"));
        }
        Files.copy(checkout.resolve("deploy/quickstart"), script(), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private Path script() {
        return directory.resolve("checkout/deploy/quickstart");
    }

    private ChildProcess launch(String name, String... options) {
        List<String> command = new ArrayList<>(List.of(
                script().toString(),
                "--runtimes",
                "1",
                "--data",
                directory.resolve("data").toString(),
                "--api-port",
                Integer.toString(apiPort),
                "--proxy-port",
                Integer.toString(proxyPort)));
        command.addAll(List.of(options));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return ChildProcess.start(new ChildSpec("quickstart", command, environment, directory.resolve(name + ".log")));
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
