package dev.sluice.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoOptionsTest {
    @Test
    void nothingMeansLoopbackAndPort9000() {
        assertThat(EchoOptions.parse()).isEqualTo(new EchoOptions("127.0.0.1", 9000, false));
    }

    @Test
    void everyOptionIsRead() {
        assertThat(EchoOptions.parse("--port", "0", "--host", "::1", "--help"))
                .isEqualTo(new EchoOptions("::1", 0, true));
    }

    @ParameterizedTest
    @CsvSource({
        "--port, wants a value",
        "--port 65536, wants a number from 0 to 65535",
        "--port x, wants a number from 0 to 65535",
        "--prot 1, no option"
    })
    void faultsAreToldInOneLine(String arguments, String message) {
        assertThatThrownBy(() -> EchoOptions.parse(arguments.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(arguments.split(" ", -1)[0]);
    }
}
