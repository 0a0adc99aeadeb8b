package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaneProcessesTest {
    private static final PlaneProcesses.ControlPlanePorts PORTS = new PlaneProcesses.ControlPlanePorts(1, 2, 3, 4);

    @TempDir
    private Path directory;

    private PlaneProcesses processes;

    /** Every setting in the environment, each in both of its forms. */
    @BeforeEach
    void make() {
        Map<String, String> shell = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
        for (Setting setting : Setting.values()) {
            shell.put(setting.environmentName(), "given");
            shell.put(ChildEnvironment.fileName(setting), "/given");
        }
        processes = new PlaneProcesses(new Checkout(directory), Home.at(directory), new ChildEnvironment(shell));
    }

    @Test
    void aRuntimeHoldsNeitherDatabaseCredentialsNorTheAdminToken() {
        Map<String, String> runtime = environment(processes.runtime("runtime-1", 5, PORTS, "join me"));
        assertThat(runtime)
                .doesNotContainKeys(
                        "SLUICE_POSTGRES_URI",
                        "SLUICE_POSTGRES_URI_FILE",
                        "SLUICE_ADMIN_TOKEN",
                        "SLUICE_ADMIN_TOKEN_FILE",
                        "SLUICE_SECRET_KEY",
                        "SLUICE_SECRET_KEY_FILE",
                        "SLUICE_CA_KEY",
                        "SLUICE_CA_KEY_FILE",
                        "SLUICE_JOIN_TOKEN")
                .containsEntry("SLUICE_TRUSTED_PROXIES", "given")
                .containsEntry("PATH", "/usr/bin:/bin");
        assertOnlySettingsOf(SluiceProcess.RUNTIME, runtime);
    }

    @Test
    void aControlPlaneIsGivenItsOwnSettingsAlone() {
        Map<String, String> controlPlane = environment(processes.controlPlane(PORTS, "postgresql://u:p@h:1/d"));
        assertThat(controlPlane)
                .containsEntry("SLUICE_ADMIN_TOKEN", "given")
                .containsKey("SLUICE_POSTGRES_URI_FILE")
                .doesNotContainKeys("SLUICE_POSTGRES_URI");
        assertOnlySettingsOf(SluiceProcess.CONTROL_PLANE, controlPlane);
    }

    @Test
    void aJoinTokenAndTheSecretKeyArePassedInFilesOfTheirOwner() throws IOException {
        Map<String, String> runtime = environment(processes.runtime("runtime-1", 5, PORTS, "join me"));
        Map<String, String> controlPlane = environment(processes.controlPlane(PORTS, "postgresql://u:p@h:1/d"));

        Path token = Path.of(runtime.getOrDefault("SLUICE_JOIN_TOKEN_FILE", "none"));
        assertThat(token).content().isEqualTo("join me\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        assertThat(Path.of(controlPlane.getOrDefault("SLUICE_SECRET_KEY_FILE", "none")))
                .content()
                .matches("[0-9a-f]{64}\\n");
    }

    @Test
    void echoIsGivenNoSettings() {
        assertThat(environment(processes.echo(5))).isEqualTo(Map.of("PATH", "/usr/bin:/bin"));
    }

    private static void assertOnlySettingsOf(SluiceProcess process, Map<String, String> environment) {
        for (Setting setting : Setting.values()) {
            if (!setting.isReadBy(process)) {
                assertThat(environment)
                        .doesNotContainKeys(setting.environmentName(), ChildEnvironment.fileName(setting));
            }
        }
    }

    private static Map<String, String> environment(PlaneProcesses.Startable startable) {
        return startable.spec().environment();
    }
}
