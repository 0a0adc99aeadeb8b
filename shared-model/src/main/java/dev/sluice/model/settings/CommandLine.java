package dev.sluice.model.settings;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code java -jar}: {@code --help}, or {@code --config FILE}, or nothing.
 *
 * @param help whether help was asked for
 * @param config settings file, or null
 */
public record CommandLine(boolean help, @Nullable Path config) {
    /** @throws InvalidSettingsException when there is anything else */
    public static CommandLine parse(String... arguments) {
        boolean help = false;
        Path config = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help", "-h" -> help = true;
                case "--config" -> {
                    if (i + 1 == arguments.length) {
                        throw new InvalidSettingsException(List.of("--config wants a file"));
                    }
                    config = Path.of(arguments[++i]);
                }
                default ->
                    throw new InvalidSettingsException(List.of("'" + arguments[i] + "' is no option, see --help"));
            }
        }
        return new CommandLine(help, config);
    }

    /** The text of {@code --help}: all settings of the process, with defaults. */
    public static String help(SluiceProcess process, String command, String purpose) {
        StringBuilder text = new StringBuilder();
        text.append(purpose).append("\n\nUsage: ").append(command).append(" [--config FILE] [--help]\n\n");
        text.append(
                "Settings come from the environment, or from a YAML file by the name in lower case without SLUICE_\n");
        text.append("(SLUICE_DATA_DIR is data_dir). (secret): also from a file, by SLUICE_…_FILE.\n\n");
        for (Setting setting : Setting.values()) {
            if (setting.isReadBy(process)) {
                text.append("  ").append(setting.environmentName());
                if (setting.secret()) {
                    text.append(" (secret)");
                }
                text.append("\n      ").append(setting.description());
                String fallback = setting.defaultValue();
                if (fallback != null && !fallback.isEmpty()) {
                    text.append(" [").append(fallback).append(']');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
