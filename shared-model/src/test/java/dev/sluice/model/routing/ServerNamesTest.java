package dev.sluice.model.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNamesTest {
    private static final ServerNames<String> NAMES = ServerNames.of(Map.of(
            "api.example.com", "exact",
            "*.example.com", "leftmost",
            "api.example.*", "rightmost",
            "*", "default"));

    @ParameterizedTest
    @CsvSource({
        "api.example.com, exact",
        "API.Example.com., exact",
        "www.example.com, leftmost",
        "api.example.org, rightmost",
        "a.b.example.com, default",
        "example.com, default",
        "localhost, default",
        ".example.com, default",
        "., default",
    })
    void theNameItselfGoesBeforeAWildcardOfOneLabelLeftThenRightThenTheDefault(String asked, String found) {
        assertThat(NAMES.find(asked)).isEqualTo(found);
    }

    @Test
    void whoAsksForNoNameGetsTheDefault() {
        assertThat(NAMES.find(null)).isEqualTo("default");
    }

    @Test
    void withoutADefaultThereIsNothingForOtherNames() {
        ServerNames<String> names = ServerNames.of(Map.of("*.example.com", "leftmost"));
        assertThat(names.find("example.com")).isNull();
        assertThat(names.find(null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "API.Example.com., api.example.com",
        "*.EXAMPLE.com, *.example.com",
        "example.*, example.*",
        "*, *",
        "localhost, localhost"
    })
    void aDeclaredNameIsKeptInLowerCaseWithoutAFinalDot(String declared, String kept) {
        assertThat(ServerNames.canonical(declared)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "**",
                "a*.example.com",
                "*.example.*",
                "www.*.com",
                "10.0.0.1",
                "[::1]",
                "a.example:443",
                "a b",
                "-a.example",
                "a..b"
            })
    void whatIsNoServerNameIsRefused(String declared) {
        assertThatThrownBy(() -> ServerNames.canonical(declared)).isInstanceOf(IllegalArgumentException.class);
    }
}
