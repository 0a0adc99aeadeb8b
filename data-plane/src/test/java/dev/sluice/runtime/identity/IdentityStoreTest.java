package dev.sluice.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.trust.SealingKey;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.disk.DataDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityStoreTest {
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();

    @TempDir
    Path path;

    private DataDirectory directory;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(path);
    }

    @AfterEach
    void close() {
        directory.close();
        controlPlane.close();
    }

    @Test
    void keyAndIdentityAreReadableByTheOwnerAlone() throws IOException {
        join(null);

        for (Path file : new Path[] {directory.identity(), directory.storageKey()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as("%s", file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aKeyThatIsGivenIsNotKeptInTheDirectory() {
        SealingKey key = SealingKey.random();
        join(key);

        assertThat(directory.storageKey()).doesNotExist();
        assertThat(store(key).current()).isNotNull();
    }

    @Test
    void whatTheDirectorysKeySealedIsOpenToARuntimeThatIsGivenOneLater() throws IOException {
        join(null);
        SealingKey key = SealingKey.random();

        IdentityStore store = store(key);

        assertThat(store.current()).isNotNull();
        store.keep();
        Files.delete(directory.storageKey());
        assertThat(store(key).current()).isNotNull();
    }

    @Test
    void aDamagedIdentityIsNamedWithTheRemedyAndStaysAsItIs() throws IOException {
        join(null);
        byte[] bytes = Files.readAllBytes(directory.identity());
        bytes[bytes.length / 2] ^= 1;
        Files.write(directory.identity(), bytes);

        assertUnusable(null, "cannot be opened", directory.identity().toString(), "SLUICE_JOIN_TOKEN");

        assertThat(directory.identity()).hasBinaryContent(bytes);
    }

    @Test
    void anIdentityUnderAnotherKeyIsNamedWithTheRemedy() {
        join(SealingKey.random());

        assertUnusable(SealingKey.random(), "sealed under key", "give back the key by SLUICE_STORAGE_KEY");
    }

    @Test
    void noNewKeyIsMadeWhereTheOldOneIsGone() throws IOException {
        join(null);
        Files.delete(directory.storageKey());

        assertUnusable(null, "is encrypted, and neither SLUICE_STORAGE_KEY nor", "storage-key holds its key");

        assertThat(directory.storageKey()).doesNotExist();
    }

    @Test
    void anIdentityOfAnotherRuntimeIsRefused() {
        RuntimeKey key = RuntimeKey.random();
        UUID other = UUID.randomUUID();

        assertThatThrownBy(() -> Identity.of(
                        key, directory.runtimeId(), controlPlane.certify(other, key.certificateRequest(other))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The certificate is for runtime " + other);
    }

    @Test
    void aCertificateForAnotherKeyIsRefused() {
        UUID runtime = directory.runtimeId();
        String request = RuntimeKey.random().certificateRequest(runtime);

        assertThatThrownBy(() -> Identity.of(RuntimeKey.random(), runtime, controlPlane.certify(runtime, request)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("for another key");
    }

    private void assertUnusable(@Nullable SealingKey key, String... parts) {
        assertThatThrownBy(() -> store(key))
                .isInstanceOf(DataDirectoryException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
    }

    private void join(@Nullable SealingKey given) {
        try {
            IdentityStore store = store(given);
            RuntimeKey key = store.joiningKey();
            store.take(Identity.of(
                    key,
                    store.runtime(),
                    controlPlane.certify(store.runtime(), key.certificateRequest(store.runtime()))));
            store.keep();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private IdentityStore store(@Nullable SealingKey given) {
        return IdentityStore.open(directory, StorageKey.open(directory, given));
    }
}
