package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.launcher.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Settings that a process cannot start with end it at once, with one line that says what is wanted. */
class BadSettingsIT {
    private static final Checkout CHECKOUT = Checkout.find();

    @Test
    void aControlPlaneWithoutSettingsNamesThoseItNeeds() throws Exception {
        Ended ended = run(CHECKOUT.controlPlaneJar(), Map.of());

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("SLUICE_POSTGRES_URI", "SLUICE_SECRET_KEY");
    }

    @Test
    void anUnknownSettingIsRefusedByName() throws Exception {
        Ended ended = run(CHECKOUT.controlPlaneJar(), Map.of("SLUICE_POSTGRES_URL", "postgresql://a:b@c/d"));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("SLUICE_POSTGRES_URL is no setting");
    }

    @Test
    void aRuntimeNamesTheValueThatItCannotUse() throws Exception {
        Ended ended = run(
                CHECKOUT.runtimeJar(),
                Map.of(
                        "SLUICE_CONTROL_PLANES", "https://127.0.0.1:8005",
                        "SLUICE_JOIN_TOKEN", "secret-of-runtimes",
                        "SLUICE_PROXY_BIND", "8000",
                        "SLUICE_EVENT_LOOPS", "many"));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.lines())
                .singleElement()
                .asString()
                .contains("SLUICE_PROXY_BIND", "SLUICE_EVENT_LOOPS", "'many'")
                .doesNotContain("secret-of-runtimes");
    }

    @Test
    void helpListsTheSettings() throws Exception {
        for (Path jar : List.of(CHECKOUT.controlPlaneJar(), CHECKOUT.runtimeJar())) {
            Ended ended = run(jar, Map.of(), "--help");

            assertThat(ended.exitCode()).isEqualTo(0);
            assertThat(String.join("\n", ended.lines())).contains("SLUICE_CLUSTER_MEMBERS", "SLUICE_JOIN_TOKEN");
        }
    }

    private static Ended run(Path jar, Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended: " + output).isTrue();
        return new Ended(process.exitValue(), output.lines().toList());
    }

    private record Ended(int exitCode, List<String> lines) {}
}
