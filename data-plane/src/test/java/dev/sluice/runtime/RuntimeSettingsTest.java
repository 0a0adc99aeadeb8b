package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.runtime.RuntimeSettings.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeSettingsTest {
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    @BeforeEach
    void set() {
        environment.put("SLUICE_CONTROL_PLANES", "https://cp-1:8005, https://cp-2:8005");
        environment.put("SLUICE_JOIN_TOKEN", TestAuthority.SHARED.token().text());
        environment.put("SLUICE_DATA_DIR", directory.toString());
    }

    @Test
    void controlPlanesTokenAndStorageKeyAreRead() {
        SealingKey key = SealingKey.random();
        environment.put("SLUICE_STORAGE_KEY", HexFormat.of().formatHex(key.bytes()));

        RuntimeSettings settings = read();

        assertThat(settings.controlPlanes())
                .containsExactly(URI.create("https://cp-1:8005"), URI.create("https://cp-2:8005"));
        assertThat(settings.joinToken()).isEqualTo(TestAuthority.SHARED.token());
        assertThat(settings.storageKey()).extracting(SealingKey::id).isEqualTo(key.id());
    }

    @Test
    void tlsForClientsIsOnPort8443UnlessItIsSwitchedOff() {
        assertThat(read().proxy().tls()).isEqualTo(new TlsSettings(new HostPort("0.0.0.0", 8443), 0));
        environment.put("SLUICE_PROXY_TLS_BIND", "10.0.0.1:443");
        environment.put("SLUICE_PROXY_TLS_PUBLIC_PORT", "8443");
        assertThat(read().proxy().tls()).isEqualTo(new TlsSettings(new HostPort("10.0.0.1", 443), 8443));
        environment.put("SLUICE_PROXY_TLS_BIND", "off");
        assertThat(read().proxy().tls().bind()).isNull();
        environment.put("SLUICE_PROXY_TLS_BIND", "on");
        assertRefused("SLUICE_PROXY_TLS_BIND is 'on': ");
    }

    @Test
    void theProxyProtocolIsForBothPortsOrForThatOfTlsAlone() {
        assertThat(read().proxy().proxyProtocol()).isEqualTo(ProxyProtocol.OFF);
        environment.put("SLUICE_PROXY_PROTOCOL", "on");
        assertThat(read().proxy().proxyProtocol()).isEqualTo(ProxyProtocol.ON);
        environment.put("SLUICE_PROXY_PROTOCOL", "tls");
        assertThat(read().proxy().proxyProtocol()).isEqualTo(ProxyProtocol.TLS);
        environment.put("SLUICE_PROXY_PROTOCOL", "TLS");
        assertRefused("SLUICE_PROXY_PROTOCOL is 'TLS', want on, tls or off");
    }

    @Test
    void controlPlanesAreNotCalledInTheClear() {
        environment.put("SLUICE_CONTROL_PLANES", "http://cp-1:8005");

        assertRefused("SLUICE_CONTROL_PLANES has 'http://cp-1:8005': control planes speak TLS alone");
    }

    @Test
    void secretsThatAreWrongAreNamedAndNotRepeated() {
        environment.put("SLUICE_JOIN_TOKEN", "s3cret-1");
        environment.put("SLUICE_STORAGE_KEY", "s3cret-2");

        assertRefused(
                "SLUICE_JOIN_TOKEN is not a join token, sluice-join.ID.SECRET.CA",
                "SLUICE_STORAGE_KEY is not 32 bytes as base64 or as 64 hexadecimal digits");
    }

    @Test
    void aTokenIsNeededUntilTheRuntimeHasJoined() throws IOException {
        environment.remove("SLUICE_JOIN_TOKEN");
        assertRefused("SLUICE_JOIN_TOKEN is required until this runtime has joined");

        Files.writeString(directory.resolve("identity"), "whatever");

        assertThat(read().joinToken()).isNull();
    }

    private RuntimeSettings read() {
        return RuntimeSettings.read(SettingsReader.of(SluiceProcess.RUNTIME, environment, null));
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(this::read)
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains(parts)
                .doesNotContain("s3cret", "\n");
    }
}
