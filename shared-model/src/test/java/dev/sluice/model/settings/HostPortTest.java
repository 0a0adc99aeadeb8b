package dev.sluice.model.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({"localhost:80, localhost, 80", "0.0.0.0:0, 0.0.0.0, 0", "[::1]:65535, ::1, 65535"})
    void itIsReadAndWritten(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "80", "localhost", "localhost:", ":80", "a:x", "a:65536", "a:-1", "::1:80", "[]:80", "a:+1"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not host:port");
    }
}
