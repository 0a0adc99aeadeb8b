package dev.sluice.runtime.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DestinationTest {
    @ParameterizedTest(name = "{0} at {1} where {2} goes without saying: {3}")
    @CsvSource({
        "mockbin.org, 80,   80,  mockbin.org",
        "mockbin.org, 443,  443, mockbin.org",
        "mockbin.org, 443,  80,  mockbin.org:443",
        "mockbin.org, 8080, 80,  mockbin.org:8080",
        "::1,         80,   80,  [::1]",
        "::1,         8080, 80,  [::1]:8080",
    })
    void theAuthorityHasAPortUnlessItIsTheSchemes(String host, int port, int schemes, String authority) {
        assertThat(Destination.authority(host, port, schemes)).isEqualTo(authority);
    }
}
