package dev.sluice.model.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one process: environment over YAML file over default. Faults are collected while the values are
 * read; {@link #finish} throws them all at once, so nothing that a reader returned may be used before that.
 */
public final class SettingsReader {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final SluiceProcess process;
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private final Map<Setting, Path> files = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    private SettingsReader(SluiceProcess process) {
        this.process = process;
    }

    /**
     * @param environment as {@link System#getenv()}; only names that begin with {@code SLUICE_} matter
     * @param yaml file to read too, or null
     */
    public static SettingsReader of(SluiceProcess process, Map<String, String> environment, @Nullable Path yaml) {
        SettingsReader reader = new SettingsReader(process);
        if (yaml != null) {
            reader.take(reader.readYaml(yaml), Setting::yamlName, "_file", "the settings file's ");
        }
        Map<String, String> ours = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("SLUICE_")) {
                ours.put(name, value);
            }
        });
        reader.take(ours, Setting::environmentName, "_FILE", "");
        return reader;
    }

    /** The setting's value, or null where neither a value nor a default is given. */
    public @Nullable String text(Setting setting) {
        if (!setting.isReadBy(process)) {
            throw new IllegalArgumentException(setting + " is no setting of this process");
        }
        String value = values.get(setting);
        return value != null ? value : setting.defaultValue();
    }

    /** The file that a secret was read from; null where it was given otherwise, or not at all. */
    public @Nullable Path file(Setting setting) {
        return files.get(setting);
    }

    /** The setting's value; a blank one counts as absent. */
    public String required(Setting setting) {
        String value = text(setting);
        if (value == null || value.isBlank()) {
            problem(setting, "is required: " + setting.description());
            return "";
        }
        return value;
    }

    /** A whole number within these bounds, both included. */
    public int integer(Setting setting, int least, int most) {
        return (int) whole(setting, least, most);
    }

    /** As {@link #integer}, for numbers that may be larger. */
    public long whole(Setting setting, long least, long most) {
        String value = required(setting);
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with what is wanted
        }
        problem(setting, "is '" + value + "', want a whole number from " + least + " to " + most);
        return least;
    }

    public boolean onOff(Setting setting) {
        String value = required(setting);
        if (!value.equals("on") && !value.equals("off")) {
            problem(setting, "is '" + value + "', want on or off");
        }
        return value.equals("on");
    }

    /** An address; {@code fallback} where the setting is absent. */
    public HostPort address(Setting setting, HostPort fallback) {
        String value = text(setting);
        return value == null ? fallback : parsed(setting, value, HostPort::parse, fallback);
    }

    /** A comma list, each element read by {@code parser}; blanks around and empty elements are passed over. */
    public <T> List<T> list(Setting setting, Function<String, T> parser) {
        String value = text(setting);
        List<T> elements = new ArrayList<>();
        if (value != null) {
            Arrays.stream(value.split(",", -1))
                    .map(String::strip)
                    .filter(element -> !element.isEmpty())
                    .forEach(element -> {
                        try {
                            elements.add(parser.apply(element));
                        } catch (IllegalArgumentException e) {
                            problem(setting, "has '" + element + "': " + e.getMessage());
                        }
                    });
        }
        return List.copyOf(elements);
    }

    /** Notes a fault that the caller found in a value. */
    public void problem(Setting setting, String what) {
        problems.add(setting.environmentName() + " " + what);
    }

    /** @throws InvalidSettingsException when anything was wrong */
    public void finish() {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    private <T> T parsed(Setting setting, String value, Function<String, T> parser, T fallback) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            problem(setting, "is '" + value + "': " + e.getMessage());
            return fallback;
        }
    }

    private void take(
            Map<String, String> source, Function<Setting, String> naming, String fileSuffix, String sourceName) {
        Map<String, String> left = new HashMap<>(source);
        for (Setting setting : Setting.values()) {
            String name = naming.apply(setting);
            String value = left.remove(name);
            String file = setting.secret() ? left.remove(name + fileSuffix) : null;
            if (value != null && file != null) {
                problems.add(sourceName + name + " and " + name + fileSuffix + " are both set, want one");
            } else if (setting.isReadBy(process) && file != null) {
                readSecret(setting, sourceName + name + fileSuffix, file);
            } else if (setting.isReadBy(process) && value != null) {
                values.put(setting, value);
            }
        }
        left.keySet().stream().sorted().forEach(name -> problems.add(sourceName + name + " is no setting, see --help"));
    }

    private void readSecret(Setting setting, String name, String file) {
        try {
            String secret = Files.readString(Path.of(file)).strip();
            if (secret.isEmpty()) {
                problems.add(name + " is '" + file + "', which is empty");
            }
            values.put(setting, secret);
            files.put(setting, Path.of(file));
        } catch (IOException | InvalidPathException e) {
            problems.add(name + " is '" + file + "', which cannot be read");
        }
    }

    private Map<String, String> readYaml(Path file) {
        Map<String, String> flat = new HashMap<>();
        try {
            JsonNode root = YAML.readTree(Files.readAllBytes(file));
            if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
                problems.add("the settings file " + file + " is no YAML mapping of names to values");
            }
            root.properties().forEach(entry -> {
                String value = value(entry.getValue());
                if (value == null) {
                    problems.add(
                            "the settings file's " + entry.getKey() + " has no value, or one that is no text or list");
                } else {
                    flat.put(entry.getKey(), value);
                }
            });
        } catch (JsonProcessingException e) {
            problems.add("the settings file " + file + " is no YAML at " + whereAndWhat(e));
        } catch (IOException e) {
            problems.add("the settings file " + file + " cannot be read");
        }
        return flat;
    }

    /** Line and kind of fault; the rest of the message quotes the file, where secrets may stand. */
    private static String whereAndWhat(JsonProcessingException e) {
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        String kind = e.getOriginalMessage().lines().findFirst().orElse("");
        return "line " + line + ": " + kind;
    }

    /** A scalar's text, a list's elements with commas between; null for anything else. */
    private static @Nullable String value(JsonNode node) {
        if (node.isArray()) {
            List<String> elements = new ArrayList<>();
            for (JsonNode element : node) {
                String text = element.isArray() ? null : value(element);
                if (text == null) {
                    return null;
                }
                elements.add(text);
            }
            return String.join(",", elements);
        }
        if (node.isBoolean()) {
            return node.booleanValue() ? "on" : "off"; // which YAML takes for booleans when they stand bare
        }
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }
}
