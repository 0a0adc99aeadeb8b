package dev.sluice.control.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.TrustSettings.GivenAuthority;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.SealingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeSecretsTest {
    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void isAbsent() {
        directory = parent.resolve("secrets");
    }

    @Test
    void whatIsMadeIsWhatControlPlanesAndRuntimesTake() throws IOException {
        assertThat(MakeSecrets.into(directory))
                .containsExactlyInAnyOrder("secret_key", "admin_token", "ca_certificate", "ca_key", "join_token");

        Authority authority =
                AuthorityForm.given(new GivenAuthority(text("ca_certificate"), text("ca_key")), Instant.now());
        assertThat(JoinToken.parse(text("join_token")).authority()).isEqualTo(authority.digest());
        assertThat(SealingKey.parse(text("secret_key")).bytes()).hasSize(SealingKey.BYTES);
        assertThat(text("admin_token")).hasSizeGreaterThan(40);
    }

    @Test
    void theDirectoryKeepsOthersOutAndTheFilesCanBeReadInContainers() throws IOException {
        List<String> made = MakeSecrets.into(directory);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        for (String name : made) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .as(name)
                    .isEqualTo("r--r--r--");
        }
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(made.size());
        }
    }

    @Test
    void whatIsThereIsKept() throws IOException {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("admin_token"), "mine");
        assertThat(MakeSecrets.into(directory)).doesNotContain("admin_token").hasSize(4);
        String key = text("secret_key");

        assertThat(MakeSecrets.into(directory)).isEmpty();
        assertThat(text("secret_key")).isEqualTo(key);
        assertThat(text("admin_token")).isEqualTo("mine");
    }

    @Test
    void anAuthorityWithoutItsJoinTokenIsNotMadeUpFor() throws IOException {
        var ignored = MakeSecrets.into(directory);
        Files.delete(directory.resolve("join_token"));

        assertThatThrownBy(() -> MakeSecrets.into(directory))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("join_token");
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }
}
