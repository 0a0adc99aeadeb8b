package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlPlaneSettingsTest {
    private static final String URI = "postgresql://u:hidden@h/db";

    @Test
    void anAddressThatTheDriverCannotReadIsRefusedWithoutShowingIt() {
        for (String wrong : new String[] {"?sslmode=bogus", "?sslmode=", "?sslmode=require&sslmode=bogus"}) {
            assertThatThrownBy(() -> read(Map.of("SLUICE_POSTGRES_URI", URI + wrong)))
                    .as(wrong)
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasNoCause()
                    .hasMessageContaining("SLUICE_POSTGRES_URI is no postgresql://")
                    .hasMessageNotContaining("hidden");
        }
        assertThat(read(Map.of("SLUICE_POSTGRES_URI", URI + "?sslmode=verify-full"))
                        .postgresUri())
                .endsWith("verify-full");
    }

    @Test
    void aBlankAdminTokenIsNone() {
        assertThat(read(Map.of("SLUICE_ADMIN_TOKEN", "")).adminToken()).isNull();
        assertThat(read(Map.of("SLUICE_ADMIN_TOKEN", " \n")).adminToken()).isNull();
    }

    @Test
    void tokensAreStripped() {
        ControlPlaneSettings settings = read(Map.of("SLUICE_ADMIN_TOKEN", "a\n", "SLUICE_RUNTIME_TOKEN", " r "));
        assertThat(settings.adminToken()).isEqualTo("a");
        assertThat(settings.runtimeToken()).isEqualTo("r");
    }

    private static ControlPlaneSettings read(Map<String, String> given) {
        Map<String, String> environment =
                new HashMap<>(Map.of("SLUICE_POSTGRES_URI", URI, "SLUICE_RUNTIME_TOKEN", "r", "SLUICE_CLUSTER", "off"));
        environment.putAll(given);
        return ControlPlaneSettings.read(SettingsReader.of(SluiceProcess.CONTROL_PLANE, environment, null));
    }
}
