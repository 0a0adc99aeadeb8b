package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The control plane of the last release still runs while that of the next one migrates the schema: so a migration adds,
 * and takes away only what no released control plane reads or writes any more, which it says above the statement in a
 * line {@code -- contract: why nothing needs it}. What is released is never edited.
 */
class MigrationsOnlyExpandTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final String RELEASED = "/db/released-migrations.sha256";

    private static final Pattern CREATED = Pattern.compile("CREATE TABLE (?:IF NOT EXISTS )?(\\w+)");
    private static final Pattern ALTERED = Pattern.compile("^ALTER TABLE (?:ONLY |IF EXISTS )*(\\w+)");
    private static final List<Pattern> TAKES_AWAY = Stream.of(
                    "^DROP (?!INDEX|TRIGGER)",
                    "^TRUNCATE",
                    "\\bRENAME\\b",
                    "\\bDROP (?:COLUMN|DEFAULT)\\b",
                    "\\bSET NOT NULL\\b",
                    "\\bALTER (?:COLUMN )?\\w+ (?:SET DATA )?TYPE\\b",
                    "\\bADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\\b",
                    "\\bADD (?:COLUMN )?(?:IF NOT EXISTS )?\\w+ (?:(?!,)(?!DEFAULT).)*\\bNOT NULL\\b(?:(?!,)(?!DEFAULT).)*(?:,|$)")
            .map(Pattern::compile)
            .toList();

    @Test
    void theNextReleaseOnlyExpands() throws IOException {
        Set<String> released = released().keySet();
        Map<String, List<String>> faults = new TreeMap<>();
        for (Map.Entry<String, String> migration : migrations().entrySet()) {
            if (!released.contains(migration.getKey())) {
                faults.put(migration.getKey(), whatBreaks(migration.getValue()));
            }
        }

        assertThat(faults.values()).as("%s", faults).allMatch(List::isEmpty);
    }

    @Test
    void whatIsReleasedIsNeverEdited() throws IOException {
        Map<String, String> present = new TreeMap<>();
        migrations().forEach((name, text) -> present.put(name, sha256(text)));

        assertThat(present).containsAllEntriesOf(released());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE runtime;",
                "TRUNCATE runtime;",
                "ALTER TABLE runtime DROP COLUMN name;",
                "ALTER TABLE runtime RENAME COLUMN name TO label;",
                "ALTER TABLE runtime ALTER COLUMN name SET NOT NULL;",
                "ALTER TABLE runtime ALTER name TYPE bigint;",
                "ALTER TABLE runtime ALTER COLUMN name DROP DEFAULT;",
                "ALTER TABLE runtime ADD CONSTRAINT short CHECK (length(name) < 9);",
                "ALTER TABLE runtime ADD COLUMN zone text NOT NULL;",
                "alter table runtime\n    add column zone text not null,\n    add column b int not null default 0;",
                "ALTER TABLE runtime ADD COLUMN b int NOT NULL DEFAULT 0, ADD COLUMN zone text NOT NULL;",
                "-- contract:\nDROP TABLE runtime;",
                "-- contract: nothing reads it since 0.1\nSELECT 1;\nDROP TABLE runtime;",
                "/* CREATE TABLE runtime */ ALTER TABLE runtime ADD CHECK (a > 0);"
            })
    void whatARunningControlPlaneWouldMissIsFound(String migration) {
        assertThat(whatBreaks(migration)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE zone (id uuid PRIMARY KEY, name text NOT NULL); ALTER TABLE zone ADD CHECK (name <> '');",
                "ALTER TABLE runtime ADD COLUMN zone text;",
                "ALTER TABLE runtime ADD COLUMN zone text NOT NULL DEFAULT '';",
                "ALTER TABLE runtime ADD COLUMN zone text DEFAULT '' NOT NULL, ADD COLUMN b int;",
                "ALTER TABLE runtime ALTER COLUMN name DROP NOT NULL; ALTER TABLE runtime DROP CONSTRAINT short;",
                "CREATE INDEX runtime_by_zone ON runtime (zone); DROP INDEX runtime_by_name;",
                "-- DROP TABLE runtime;\nSELECT 1;",
                "-- contract: nothing reads it since 0.1\nDROP TABLE runtime;"
            })
    void whatOnlyAddsPasses(String migration) {
        assertThat(whatBreaks(migration)).isEmpty();
    }

    /** The statements that take something away from a table that was there before, and do not say why they may. */
    private static List<String> whatBreaks(String migration) {
        List<String> breaking = new ArrayList<>();
        Set<String> created = new LinkedHashSet<>();
        for (String part : migration.replaceAll("(?s)/\\*.*?\\*/", " ").split(";", -1)) {
            boolean allowed = part.lines().anyMatch(line -> line.strip().matches("-- contract: \\S.*"));
            String statement = part.lines()
                    .map(line -> line.replaceFirst("--.*", ""))
                    .collect(Collectors.joining(" "))
                    .replaceAll("\\s+", " ")
                    .strip();
            String upper = statement.toUpperCase(Locale.ROOT);
            Matcher creates = CREATED.matcher(upper);
            while (creates.find()) {
                created.add(creates.group(1));
            }
            Matcher alters = ALTERED.matcher(upper);
            boolean ofItsOwn = alters.find() && created.contains(alters.group(1));
            if (!allowed
                    && !ofItsOwn
                    && TAKES_AWAY.stream().anyMatch(each -> each.matcher(upper).find())) {
                breaking.add(statement);
            }
        }
        return breaking;
    }

    private static Map<String, String> migrations() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }

    /** File name to SHA-256; a release adds its lines. */
    private static Map<String, String> released() throws IOException {
        try (InputStream in = MigrationsOnlyExpandTest.class.getResourceAsStream(RELEASED)) {
            assertThat(in).as(RELEASED).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" +", 2))
                    .collect(Collectors.toMap(columns -> columns[1], columns -> columns[0]));
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
