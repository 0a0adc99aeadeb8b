package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void nothingMeansTheDefaults() {
        assertThat(Options.parse()).isEqualTo(new Options(false, 2, null, 8001, 8000, false, false));
    }

    @Test
    void everyOptionIsRead() {
        String line = "--help --runtimes 3 --data /a/../b --api-port 1 --proxy-port 2 --demo --add-runtime";
        assertThat(Options.parse(line.split(" ", -1))).isEqualTo(new Options(true, 3, Path.of("/b"), 1, 2, true, true));
    }

    @Test
    void helpNamesOptionsThatExistOnly() {
        Matcher options = Pattern.compile("(?m)^  (--[a-z-]+)( [A-Z]+)?").matcher(Help.text());
        int found = 0;
        while (options.find()) {
            found++;
            String value = options.group(2) == null ? "" : " 7";
            assertThat(Options.parse((options.group(1) + value).split(" ", -1))).isNotEqualTo(Options.parse());
        }
        assertThat(found).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "--runtimes 0, from 1 to 20",
        "--runtimes 21, from 1 to 20",
        "--runtimes two, from 1 to 20",
        "--api-port 65536, from 1 to 65535",
        "--proxy-port 65530, too high",
        "--data, wants a value",
        "--runtime 2, '''--runtime'' is no option'"
    })
    void faultsAreToldInOneLine(String line, String message) {
        assertThatThrownBy(() -> Options.parse(line.split(" ", -1)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
