package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each rule in RULES.md, which lies beside the POM, names tests; what it names is there. */
final class RulesTest {
    private static final List<Path> TESTS = Stream.of(
                    "data-plane", "shared-model", "control-plane", "deploy/integration-tests")
            .map(module -> Path.of("..", module, "src", "test", "java"))
            .toList();
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)(?:\\[(.+?)])?`");

    private record Rule(String text, List<Named> tests) {}

    /** @param row words in the class's source; empty for none */
    private record Named(String type, String method, String row) {}

    @Test
    void everyRuleNamesTestsThatAreThere() throws IOException {
        Map<String, String> sources = sources();
        List<Rule> rules = rules();
        assertThat(rules).hasSizeGreaterThan(100);
        List<String> missing = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.tests().isEmpty()) {
                missing.add(rule.text() + ": any test");
            }
            for (Named test : rule.tests()) {
                String source = sources.getOrDefault(test.type(), "");
                if (!source.contains(" void " + test.method() + "(") || !source.contains(test.row())) {
                    missing.add(rule.text() + ": " + test);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<Rule> rules() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("RULES.md"))) {
            String[] cells = line.split("(?<!\\\\)\\|", -1);
            if (cells.length == 4 && !cells[1].strip().equals("rule") && !cells[1].startsWith("-")) {
                List<Named> tests = new ArrayList<>();
                Matcher named = NAMED.matcher(cells[2].replace("\\|", "|"));
                while (named.find()) {
                    String row = named.group(3) == null ? "" : named.group(3);
                    tests.add(new Named(named.group(1), named.group(2), row));
                }
                rules.add(new Rule(cells[1].strip(), tests));
            }
        }
        return rules;
    }

    /** By the simple name of their class; where two have one name, both. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Path tests : TESTS) {
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(any -> any.toString().endsWith(".java")).collect(Collectors.toList())) {
                    String type = file.getFileName().toString().replace(".java", "");
                    sources.merge(type, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }
}
