package dev.sluice.model.settings;

import static dev.sluice.model.settings.SluiceProcess.CONTROL_PLANE;
import static dev.sluice.model.settings.SluiceProcess.RUNTIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandLineTest {
    @Test
    void itIsHelpOrASettingsFileOrNothing() {
        assertThat(CommandLine.parse()).isEqualTo(new CommandLine(false, null));
        assertThat(CommandLine.parse("--help")).isEqualTo(new CommandLine(true, null));
        assertThat(CommandLine.parse("-h")).isEqualTo(new CommandLine(true, null));
        assertThat(CommandLine.parse("--config", "a.yaml")).isEqualTo(new CommandLine(false, Path.of("a.yaml")));
    }

    @Test
    void anythingElseIsRefusedByName() {
        assertThatThrownBy(() -> CommandLine.parse("--port"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("'--port' is no option, see --help");
        assertThatThrownBy(() -> CommandLine.parse("--config"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("--config wants a file");
    }

    @ParameterizedTest
    @EnumSource(SluiceProcess.class)
    void helpListsEverySettingOfTheProcessAndNoOther(SluiceProcess process) {
        String help = CommandLine.help(process, "java -jar x.jar", "Does things.");

        assertThat(help).startsWith("Does things.").contains("java -jar x.jar [--config FILE] [--help]");
        for (Setting setting : Setting.values()) {
            boolean listed =
                    help.lines().anyMatch(line -> line.strip().split(" ", 2)[0].equals(setting.environmentName()));
            assertThat(listed).as("%s", setting).isEqualTo(setting.isReadBy(process));
        }
    }

    @Test
    void helpTellsDefaultsAndWhichAreSecrets() {
        assertThat(CommandLine.help(RUNTIME, "", ""))
                .contains("SLUICE_DRAIN_NOTICE_MS\n", "accepting, 0 to 600000 [5000]\n");
        assertThat(CommandLine.help(CONTROL_PLANE, "", "")).contains("SLUICE_POSTGRES_URI (secret)\n");
    }
}
