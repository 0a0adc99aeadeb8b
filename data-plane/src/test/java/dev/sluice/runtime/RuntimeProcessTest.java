package dev.sluice.runtime;

import static dev.sluice.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime as a process of its own: what it says, how it stops, with which status it ends. */
class RuntimeProcessTest {
    private static final Pattern PROXY = Pattern.compile("Serving clients on (\\S+)");
    private static final Pattern STATUS = Pattern.compile("status on (\\S+)");

    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();
    /** HTTP/1.1: this client in version 17 breaks off what is on its way when it reads GOAWAY, which a stopping runtime sends. */
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        started.forEach(Process::destroyForcibly);
        controlPlane.close();
    }

    @Test
    void aTerminatedRuntimeDeliversEverythingAndEndsWithZero() throws Exception {
        controlPlane.serve(Configurations.empty(Configurations.GROUP, 1, 3));
        Path log = directory.resolve("log");
        Process process = start(settings(), log);
        String proxy = found(log, PROXY);
        String status = found(log, STATUS);
        for (int i = 0; i < 50; i++) {
            assertThat(get(proxy, "/nowhere").statusCode()).isEqualTo(404);
        }
        process.destroy(); // SIGTERM
        eventually(() -> assertThat(get(status, "/ready").statusCode()).isEqualTo(503));
        assertThat(get(proxy, "/nowhere").statusCode()).isEqualTo(404); // still served
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(controlPlane.total()).isEqualTo(51);
        assertThat(controlPlane.lastReport().state().stopped()).isTrue();
        assertThat(controlPlane.reports().stream()
                        .filter(report -> report.state().stopping()))
                .hasSizeGreaterThan(1);
    }

    @Test
    void aSecondSignalCutsTheWaitingShortButLosesNoCounts() throws Exception {
        controlPlane.serve(Configurations.empty(Configurations.GROUP, 1, 3));
        Map<String, String> settings = settings();
        settings.put("SLUICE_DRAIN_NOTICE_MS", "600000");
        Path log = directory.resolve("log");
        Process process = start(settings, log);
        String proxy = found(log, PROXY);
        assertThat(get(proxy, "/nowhere").statusCode()).isEqualTo(404);
        process.destroy();
        eventually(() -> assertThat(Files.readString(log)).contains("Stopping"));
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(controlPlane.total()).isEqualTo(1);
    }

    @Test
    void joiningTheClusterIsNotOnTheWayToTheFirstRequest() throws Exception {
        controlPlane.serve(Configurations.empty(Configurations.GROUP, 1, 3));
        Map<String, String> settings = settings();
        settings.put("SLUICE_CLUSTER", "on");
        settings.put("SLUICE_CLUSTER_MEMBERS", "192.0.2.1:5701"); // an address that never answers
        Path log = directory.resolve("log");
        Process process = start(settings, log);
        assertThat(get(found(log, PROXY), "/nowhere").statusCode()).isEqualTo(404);
        assertThat(Files.readString(log)).doesNotContain("Joined the event bus");
        eventually(
                Duration.ofSeconds(60), () -> assertThat(Files.readString(log)).contains("Joined the event bus"));
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aKilledRuntimeReportsOfItsFormerLifeWhenItIsBack() throws Exception {
        controlPlane.serve(Configurations.empty(Configurations.GROUP, 1, 3));
        Path log = directory.resolve("log");
        Process process = start(settings(), log);
        String proxy = found(log, PROXY);
        eventually(() -> assertThat(controlPlane.reports()).isNotEmpty());
        controlPlane.goDown();
        for (int i = 0; i < 30; i++) {
            assertThat(get(proxy, "/nowhere").statusCode()).isEqualTo(404);
        }
        eventually(() -> assertThat(spooled()).contains("\"count\":30"));
        process.destroyForcibly(); // SIGKILL
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        controlPlane.listen();
        Path secondLog = directory.resolve("second-log");
        Process again = start(settings(), secondLog);
        eventually(() -> assertThat(controlPlane.total()).isEqualTo(30));
        assertThat(again.isAlive()).isTrue();
        assertThat(controlPlane.reports().stream()
                        .map(report -> report.runtime().id())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aSecondRuntimeOnTheSameDirectorySaysSoInOneLineAndEndsWithTwo() throws Exception {
        Path log = directory.resolve("log");
        Process first = start(settings(), log);
        assertThat(found(log, STATUS)).isNotEmpty();
        Path secondLog = directory.resolve("second-log");
        Process second = start(settings(), secondLog);
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(2);
        assertThat(Files.readAllLines(secondLog)).singleElement().asString().contains("in use by another runtime");
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void settingsThatAreWrongAreNamedInOneLineAndItEndsWithTwo() throws Exception {
        Map<String, String> settings = settings();
        settings.remove("SLUICE_JOIN_TOKEN");
        settings.put("SLUICE_EVENT_LOOPS", "many");
        Path log = directory.resolve("log");
        Process process = start(settings, log);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readAllLines(log))
                .singleElement()
                .asString()
                .contains("SLUICE_JOIN_TOKEN is required until", "SLUICE_EVENT_LOOPS");
    }

    @Test
    void helpListsTheSettings() throws Exception {
        Path log = directory.resolve("log");
        Process process = start(Map.of(), log, "--help");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(log)).contains("SLUICE_CONTROL_PLANES", "SLUICE_DATA_DIR", "--config FILE");
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("SLUICE_CONTROL_PLANES", controlPlane.uri().toString());
        settings.put("SLUICE_JOIN_TOKEN", controlPlane.token().text());
        settings.put("SLUICE_DATA_DIR", directory.resolve("data").toString());
        settings.put("SLUICE_PROXY_BIND", "127.0.0.1:0");
        settings.put("SLUICE_PROXY_TLS_BIND", "127.0.0.1:0");
        settings.put("SLUICE_STATUS_BIND", "127.0.0.1:0");
        settings.put("SLUICE_EVENT_LOOPS", "1");
        settings.put("SLUICE_DRAIN_NOTICE_MS", "1500");
        settings.put("SLUICE_CLUSTER", "off");
        return settings;
    }

    private Process start(Map<String, String> settings, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.runtime.RuntimeMain"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static String found(Path log, Pattern pattern) {
        List<String> found = new ArrayList<>();
        eventually(() -> {
            Matcher matcher = pattern.matcher(Files.readString(log));
            assertThat(matcher.find()).as(Files.readString(log)).isTrue();
            found.add(matcher.group(1));
        });
        return found.get(0);
    }

    private String spooled() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(directory.resolve("data").resolve("spool"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private HttpResponse<String> get(String at, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + at + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
