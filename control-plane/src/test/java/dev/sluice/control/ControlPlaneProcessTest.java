package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.db.PostgresExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The control plane as a process: what it says, and how it ends. */
@Timeout(90)
class ControlPlaneProcessTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    /** For the test that needs a first start. */
    @RegisterExtension
    static final PostgresExtension untouched = new PostgresExtension();

    /** For the test that changes the secret key. */
    @RegisterExtension
    static final PostgresExtension sealed = new PostgresExtension();

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void helpListsTheSettings() throws InterruptedException {
        Started help = start(Map.of(), "--help");
        assertThat(help.rest()).anyMatch(line -> line.contains("SLUICE_POSTGRES_URI (secret)"));
        assertThat(help.exit()).isZero();
    }

    @Test
    void wrongSettingsAreToldInOneLineAndEndWithTwo() throws InterruptedException {
        Started wrong = start(Map.of("SLUICE_API_BIND", "nowhere", "SLUICE_NONSENSE", "1"));
        assertThat(wrong.rest())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("sluice control-plane: ")
                .contains(
                        "SLUICE_NONSENSE is no setting",
                        "SLUICE_POSTGRES_URI is required",
                        "SLUICE_SECRET_KEY is required",
                        "SLUICE_API_BIND is");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(start(Map.of(), "--fast").exit()).isEqualTo(2);
    }

    @Test
    void itSaysWhereItListensShowsItsTokenOnceAndEndsInOrderOnSigterm() throws InterruptedException {
        Map<String, String> settings = Map.of(
                "SLUICE_POSTGRES_URI", postgres.uri(),
                "SLUICE_SECRET_KEY", "00".repeat(32),
                "SLUICE_API_BIND", "127.0.0.1:0",
                "SLUICE_RUNTIME_API_BIND", "127.0.0.1:0",
                "SLUICE_CLUSTER", "off");
        Started first = start(settings);
        List<String> said = first.until("Control plane is ready");
        assertThat(said)
                .filteredOn(line -> line.contains("token, shown this once: sluice_"))
                .hasSize(1);
        assertThat(said.get(said.size() - 1)).matches(".*REST API at 127.0.0.1:\\d+, runtime API at 127.0.0.1:\\d+");
        first.terminate();
        assertThat(first.rest()).anyMatch(line -> line.endsWith("Stopped"));
        assertThat(first.exit()).isZero();

        Started second = start(settings);
        assertThat(second.until("Control plane is ready")).noneMatch(line -> line.contains("sluice_"));
        second.terminate();
        assertThat(second.exit()).isZero();
    }

    @Test
    void aStartThatFailsLeavesTheFirstTokenToTheNextOne() throws InterruptedException, IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Started failing = start(settings("127.0.0.1:" + taken.getLocalPort()));
            assertThat(failing.rest())
                    .anyMatch(line -> line.contains("could not start"))
                    .noneMatch(line -> line.contains("sluice_"));
            assertThat(failing.exit()).isEqualTo(1);
        }
        assertThat(start(settings("127.0.0.1:0")).until("Control plane is ready"))
                .anyMatch(line -> line.contains("token, shown this once: sluice_"));
    }

    @Test
    void anotherSecretKeyThanTheOneThatSealedTheDatabaseIsToldInOneLineAndEndsWithTwo() throws InterruptedException {
        Map<String, String> right = new HashMap<>(settings("127.0.0.1:0"));
        right.put("SLUICE_POSTGRES_URI", sealed.uri());
        Started first = start(right);
        List<String> ignored = first.until("Control plane is ready");
        first.terminate();
        assertThat(first.exit()).isZero();

        Map<String, String> wrong = new HashMap<>(right);
        wrong.put("SLUICE_SECRET_KEY", "11".repeat(32));
        Started second = start(wrong);
        assertThat(second.rest())
                .filteredOn(line -> line.contains("SLUICE_SECRET_KEY"))
                .singleElement()
                .asString()
                .startsWith("sluice control-plane: SLUICE_SECRET_KEY does not open the secrets in the database");
        assertThat(second.exit()).isEqualTo(2);

        wrong.put("SLUICE_FORMER_SECRET_KEYS", "00".repeat(32));
        assertThat(start(wrong).until("Control plane is ready"))
                .anyMatch(line -> line.contains("secrets are sealed anew"));
    }

    private static Map<String, String> settings(String runtimeBind) {
        return Map.of(
                "SLUICE_POSTGRES_URI",
                untouched.uri(),
                "SLUICE_SECRET_KEY",
                "00".repeat(32),
                "SLUICE_API_BIND",
                "127.0.0.1:0",
                "SLUICE_RUNTIME_API_BIND",
                runtimeBind,
                "SLUICE_CLUSTER",
                "off");
    }

    private Started start(Map<String, String> settings, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlaneMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        boolean ignored = builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().putAll(settings);
        try {
            Process process = builder.start();
            processes.add(process);
            return new Started(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Started(Process process, BufferedReader output) {
        /** What it says up to a line that has this in it. */
        List<String> until(String text) {
            List<String> lines = new ArrayList<>();
            String line = next();
            while (line != null) {
                lines.add(line);
                if (line.contains(text)) {
                    return lines;
                }
                line = next();
            }
            throw new AssertionError("It ended before it said '" + text + "': " + lines);
        }

        List<String> rest() {
            return output.lines().toList();
        }

        /** SIGTERM; what it says then can still be read. */
        void terminate() {
            assertThat(process.toHandle().destroy()).isTrue();
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Nullable
        private String next() {
            try {
                return output.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
