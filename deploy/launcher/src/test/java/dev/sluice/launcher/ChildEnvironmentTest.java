package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildEnvironmentTest {
    @TempDir
    private Path directory;

    @Test
    void whatTheLauncherSetsWinsInEitherForm() {
        Secrets secrets = new Secrets(directory);
        String token = secrets.keep("storage-key");
        Map<String, String> variables = new ChildEnvironment(Map.of(
                        "SLUICE_STORAGE_KEY", "inherited",
                        "SLUICE_POSTGRES_URI_FILE", "/inherited",
                        "SLUICE_RUNTIME_NAME", "team"))
                .setFile(Setting.STORAGE_KEY, secrets.file("storage-key"))
                .set(Setting.POSTGRES_URI, "postgresql://u:p@h:1/d")
                .setLoopback(Setting.PROXY_BIND, 8010)
                .setDefault(Setting.RUNTIME_NAME, "default")
                .setDefault(Setting.DRAIN_NOTICE_MS, "500")
                .variables();
        SettingsReader runtime = SettingsReader.of(SluiceProcess.RUNTIME, variables, null);
        assertThat(runtime.text(Setting.STORAGE_KEY)).isEqualTo(token);
        assertThat(runtime.text(Setting.PROXY_BIND)).isEqualTo("127.0.0.1:8010");
        assertThat(runtime.text(Setting.RUNTIME_NAME)).isEqualTo("team");
        assertThat(runtime.text(Setting.DRAIN_NOTICE_MS)).isEqualTo("500");
        runtime.finish();
        assertThat(SettingsReader.of(SluiceProcess.CONTROL_PLANE, variables, null)
                        .text(Setting.POSTGRES_URI))
                .isEqualTo("postgresql://u:p@h:1/d");
    }

    @Test
    void aTokenThatTheEnvironmentGivesIsPassedOnAsItCame() {
        Secrets secrets = new Secrets(directory);
        AdminToken given = AdminToken.of(Map.of("SLUICE_ADMIN_TOKEN", "mine"), secrets);
        assertThat(given.value()).isEqualTo("mine");
        assertThat(given.environment().variables()).isEqualTo(Map.of("SLUICE_ADMIN_TOKEN", "mine"));

        secrets.write("given", "from a file");
        Map<String, String> byFile =
                Map.of("SLUICE_ADMIN_TOKEN_FILE", secrets.file("given").toString());
        assertThat(AdminToken.of(byFile, secrets).value()).isEqualTo("from a file");
        assertThat(secrets.file("admin-token")).doesNotExist();
    }

    @Test
    void aTokenIsMadeWhereNoneIsGiven() {
        AdminToken made = AdminToken.of(Map.of(), new Secrets(directory));
        assertThat(made.value()).matches("[0-9a-f]{64}");
        assertThat(made.environment().variables())
                .isEqualTo(Map.of(
                        "SLUICE_ADMIN_TOKEN_FILE",
                        directory.resolve("admin-token").toString()));
    }

    @Test
    void aTokenFileThatCannotBeReadIsToldInOneLine() {
        assertThatThrownBy(() -> AdminToken.of(Map.of("SLUICE_ADMIN_TOKEN_FILE", "/nowhere"), new Secrets(directory)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("SLUICE_ADMIN_TOKEN_FILE is '/nowhere', which cannot be read");
    }
}
