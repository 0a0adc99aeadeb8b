package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
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
    void theAdminTokenIsStripped() {
        assertThat(read(Map.of("SLUICE_ADMIN_TOKEN", "a\n")).adminToken()).isEqualTo("a");
    }

    @Test
    void aSecretKeyThatIsNoneIsRefusedWithoutShowingIt() {
        for (String wrong : new String[] {"guessme", "guessme0".repeat(5), "ab".repeat(31)}) {
            for (String setting : new String[] {"SLUICE_SECRET_KEY", "SLUICE_FORMER_SECRET_KEYS"}) {
                assertThatThrownBy(() -> read(Map.of(setting, wrong)))
                        .as(wrong)
                        .isInstanceOf(InvalidSettingsException.class)
                        .hasMessageContaining(setting + " is not 32 bytes")
                        .hasMessageNotContaining(wrong);
            }
        }
        assertThatThrownBy(() -> read(Map.of("SLUICE_SECRET_KEY", "")))
                .hasMessageContaining("SLUICE_SECRET_KEY is required");
    }

    @Test
    void formerKeysOpenAndTheOthersSeals() {
        SealingKey former = SealingKey.random();
        SealingKey older = SealingKey.random();
        String list = HexFormat.of().formatHex(former.bytes()) + ", "
                + Base64.getEncoder().encodeToString(older.bytes()) + ",";

        SealingKeys keys = read(Map.of("SLUICE_FORMER_SECRET_KEYS", list)).secretKeys();

        assertThat(keys.current().bytes()).containsOnly(0);
        assertThat(keys.ids()).containsExactlyInAnyOrder(keys.current().id(), former.id(), older.id());
    }

    @Test
    void trustHasDefaultsAndNamesWhatIsWrong() {
        TrustSettings trust = read(Map.of()).trust();
        assertThat(trust).isEqualTo(TrustSettings.ofCertificateLife(Duration.ofDays(30)));

        assertThatThrownBy(() -> read(Map.of(
                        "SLUICE_CA_CERTIFICATE", "x",
                        "SLUICE_RUNTIME_API_NAMES", "good.example.org, https://bad",
                        "SLUICE_JOIN_TOKEN", "sluice-join.guessme",
                        "SLUICE_RUNTIME_CERTIFICATE_SECONDS", "0")))
                .hasMessageContaining("SLUICE_CA_KEY is required")
                .hasMessageContaining("SLUICE_RUNTIME_API_NAMES has 'https://bad'")
                .hasMessageContaining("SLUICE_JOIN_TOKEN is not a join token")
                .hasMessageContaining("SLUICE_RUNTIME_CERTIFICATE_SECONDS is '0'")
                .hasMessageNotContaining("guessme");
    }

    private static ControlPlaneSettings read(Map<String, String> given) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_POSTGRES_URI",
                URI,
                "SLUICE_SECRET_KEY",
                "00".repeat(32),
                "SLUICE_CLUSTER",
                "off"));
        environment.putAll(given);
        return ControlPlaneSettings.read(SettingsReader.of(SluiceProcess.CONTROL_PLANE, environment, null));
    }
}
