package dev.sluice.model.settings;

import static dev.sluice.model.settings.SluiceProcess.CONTROL_PLANE;
import static dev.sluice.model.settings.SluiceProcess.RUNTIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromItsVariableByTheProcessesThatHaveIt(Setting setting) {
        for (SluiceProcess process : SluiceProcess.values()) {
            SettingsReader reader = SettingsReader.of(process, Map.of("SLUICE_" + setting.name(), "given"), null);
            reader.finish();
            if (setting.isReadBy(process)) {
                assertThat(reader.text(setting)).isEqualTo("given");
            } else {
                assertThatThrownBy(() -> reader.text(setting)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromTheFileByItsLowerCaseName(Setting setting) throws IOException {
        SluiceProcess process = setting.isReadBy(RUNTIME) ? RUNTIME : CONTROL_PLANE;
        SettingsReader reader = SettingsReader.of(process, Map.of(), yaml(setting.yamlName() + ": given"));

        reader.finish();
        assertThat(reader.text(setting)).isEqualTo("given");
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everyDefaultIsGivenWhereNothingIsSet(Setting setting) {
        SluiceProcess process = setting.isReadBy(RUNTIME) ? RUNTIME : CONTROL_PLANE;

        assertThat(SettingsReader.of(process, Map.of(), null).text(setting)).isEqualTo(setting.defaultValue());
    }

    @Test
    void theDefaultsOfNetworkFacingSettingsAreCautious() {
        assertThat(Setting.API_BIND.defaultValue()).isEqualTo("127.0.0.1:8001");
        assertThat(Setting.RUNTIME_API_BIND.defaultValue()).isEqualTo("127.0.0.1:8005");
        assertThat(Setting.STATUS_BIND.defaultValue()).isEqualTo("127.0.0.1:8100");
        assertThat(Setting.PROXY_BIND.defaultValue()).isEqualTo("0.0.0.0:8000");
        assertThat(Setting.TRUSTED_PROXIES.defaultValue()).isEmpty();
        assertThat(Setting.DEBUG_HEADER.defaultValue()).isEqualTo("off");
    }

    @Test
    void theEnvironmentGoesOverTheFile() throws IOException {
        SettingsReader reader = SettingsReader.of(
                RUNTIME, Map.of("SLUICE_DATA_DIR", "a", "PATH", "/bin"), yaml("data_dir: b\nruntime_name: c"));

        reader.finish();
        assertThat(reader.text(Setting.DATA_DIR)).isEqualTo("a");
        assertThat(reader.text(Setting.RUNTIME_NAME)).isEqualTo("c");
    }

    @Test
    void unknownNamesAreRefusedAllAtOnceInOneLine() throws IOException {
        SettingsReader reader = SettingsReader.of(
                RUNTIME, Map.of("SLUICE_DATA_DRI", "a", "SLUICE_B", "b"), yaml("grupo: c\nSLUICE_DATA_DIR: d"));

        assertRefused(
                reader,
                "the settings file's SLUICE_DATA_DIR is no setting, see --help; the settings file's grupo is no setting, see"
                        + " --help; SLUICE_B is no setting, see --help; SLUICE_DATA_DRI is no setting, see --help");
    }

    @Test
    void aSettingOfAnotherProcessIsPassedOverButATypoInItIsNot() {
        SettingsReader.of(RUNTIME, Map.of("SLUICE_API_BIND", "x", "SLUICE_POSTGRES_URI_FILE", "/nowhere"), null)
                .finish();
        assertRefused(
                SettingsReader.of(RUNTIME, Map.of("SLUICE_API_BIN", "x"), null),
                "SLUICE_API_BIN is no setting, see --help");
    }

    @Test
    void aSecretMayComeFromAFile() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), " s3cret\n");

        SettingsReader variable = SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN_FILE", secret.toString()), null);
        SettingsReader file = SettingsReader.of(RUNTIME, Map.of(), yaml("join_token_file: " + secret));

        assertThat(variable.required(Setting.JOIN_TOKEN)).isEqualTo("s3cret");
        assertThat(file.required(Setting.JOIN_TOKEN)).isEqualTo("s3cret");
    }

    @Test
    void aSecretFileThatCannotBeReadIsNamed() {
        assertRefused(
                SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN_FILE", "/nowhere/x"), null),
                "SLUICE_JOIN_TOKEN_FILE is '/nowhere/x', which cannot be read");
    }

    @Test
    void anEmptySecretFileIsRefused() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "\n");

        assertRefused(
                SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN_FILE", secret.toString()), null),
                "SLUICE_JOIN_TOKEN_FILE is '" + secret + "', which is empty");
    }

    @Test
    void aSecretFromTwoPlacesIsRefusedWithoutShowingIt() {
        assertRefused(
                SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN_FILE", "/x", "SLUICE_JOIN_TOKEN", "s3cret"), null),
                "SLUICE_JOIN_TOKEN and SLUICE_JOIN_TOKEN_FILE are both set, want one");
    }

    @Test
    void aSettingThatIsNoSecretCannotComeFromAFile() {
        assertRefused(
                SettingsReader.of(RUNTIME, Map.of("SLUICE_DATA_DIR_FILE", "/x"), null),
                "SLUICE_DATA_DIR_FILE is no setting, see --help");
    }

    @Test
    void aSecretInTheEnvironmentGoesOverOneInAFileThatTheSettingsFileNames() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "old");
        SettingsReader reader =
                SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN", "new"), yaml("join_token_file: " + secret));

        reader.finish();
        assertThat(reader.text(Setting.JOIN_TOKEN)).isEqualTo("new");
    }

    @Test
    void aListInTheFileIsAnElementALine() throws IOException {
        SettingsReader reader = SettingsReader.of(
                RUNTIME, Map.of(), yaml("control_planes:\n  - http://a\n  - http://b\nevent_loops: 4"));

        assertThat(reader.list(Setting.CONTROL_PLANES, text -> text)).containsExactly("http://a", "http://b");
        assertThat(reader.integer(Setting.EVENT_LOOPS, 1, 8)).isEqualTo(4);
    }

    /** YAML 1.1 reads a bare on and off as true and false. */
    @ParameterizedTest
    @CsvSource({"on, true", "off, false", "'\"on\"', true"})
    void onAndOffMayStandBareInTheFile(String written, boolean value) throws IOException {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of(), yaml("cluster: " + written));

        assertThat(reader.onOff(Setting.CLUSTER)).isEqualTo(value);
        reader.finish();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n"})
    void aFileMayBeEmpty(String content) throws IOException {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of(), yaml(content));

        reader.finish();
        assertThat(reader.text(Setting.DATA_DIR)).isEqualTo("sluice-runtime");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a\n- b",
                "just text",
                "group: [",
                "a: b: c",
                "group:\n\t- x",
                "group: {a: b}",
                "group:",
                "group: a\ngroup: b"
            })
    void aFileThatIsNoMappingOfNamesToValuesIsRefusedInOneLine(String content) throws IOException {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of(), yaml(content));

        assertThatThrownBy(reader::finish)
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains("settings file")
                .doesNotContain("\n");
    }

    @Test
    void aFaultInTheFileIsToldByItsLineWithoutQuotingWhatMayBeSecret() throws IOException {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of(), yaml("runtime_name: a\njoin_token: s3cret: x"));

        assertThatThrownBy(reader::finish).message().contains("line 2").doesNotContain("s3cret");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of(), directory.resolve("absent.yaml"));

        assertThatThrownBy(reader::finish).hasMessageContaining("absent.yaml cannot be read");
    }

    @Test
    void aRequiredSettingThatIsAbsentIsToldWithWhatItIs() {
        SettingsReader reader = SettingsReader.of(CONTROL_PLANE, Map.of(), null);

        assertThat(reader.required(Setting.POSTGRES_URI)).isEmpty();
        assertRefused(reader, "SLUICE_POSTGRES_URI is required: postgresql://user:password@host:port/database");
    }

    @Test
    void aBlankValueIsNone() {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of("SLUICE_JOIN_TOKEN", " "), null);

        assertThat(reader.required(Setting.JOIN_TOKEN)).isEmpty();
        assertThatThrownBy(reader::finish).hasMessageStartingWith("SLUICE_JOIN_TOKEN is required: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "257", "1.5", "99999999999"})
    void aNumberOutsideItsBoundsIsToldWithThem(String value) {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of("SLUICE_EVENT_LOOPS", value), null);

        assertThat(reader.integer(Setting.EVENT_LOOPS, 1, 256)).isEqualTo(1);
        assertRefused(reader, "SLUICE_EVENT_LOOPS is '" + value + "', want a whole number from 1 to 256");
    }

    @Test
    void anythingButOnAndOffIsRefused() {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of("SLUICE_CLUSTER", "ON"), null);

        assertThat(reader.onOff(Setting.CLUSTER)).isFalse();
        assertRefused(reader, "SLUICE_CLUSTER is 'ON', want on or off");
    }

    @Test
    void addressesAreReadOrFallBack() {
        SettingsReader reader = SettingsReader.of(
                RUNTIME, Map.of("SLUICE_PROXY_BIND", "[::]:8000", "SLUICE_CLUSTER_BIND", "8000"), null);
        HostPort fallback = new HostPort("127.0.0.1", 0);

        assertThat(reader.address(Setting.PROXY_BIND, fallback)).isEqualTo(new HostPort("::", 8000));
        assertThat(reader.address(Setting.BUS_BIND, fallback)).isEqualTo(fallback);
        assertThat(reader.address(Setting.CLUSTER_BIND, fallback)).isEqualTo(fallback);
        assertRefused(reader, "SLUICE_CLUSTER_BIND is '8000': not host:port");
    }

    @Test
    void listElementsAreReadOneByOneAndBlankOnesPassedOver() {
        SettingsReader reader = SettingsReader.of(RUNTIME, Map.of("SLUICE_CLUSTER_MEMBERS", " a:1 ,, b:2,c"), null);

        assertThat(reader.list(Setting.CLUSTER_MEMBERS, HostPort::parse))
                .containsExactly(new HostPort("a", 1), new HostPort("b", 2));
        assertRefused(reader, "SLUICE_CLUSTER_MEMBERS has 'c': not host:port");
    }

    private static void assertRefused(SettingsReader reader, String message) {
        assertThatThrownBy(reader::finish)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage(message);
    }

    private Path yaml(String content) throws IOException {
        return Files.writeString(directory.resolve("sluice.yaml"), content);
    }
}
