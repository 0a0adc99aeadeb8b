package dev.sluice.runtime.identity;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.disk.DataDirectoryException;
import dev.sluice.runtime.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key under which the data directory keeps what nobody else may read. Blocking. */
public final class StorageKey {
    private StorageKey() {}

    /**
     * The given key; without one, that of the directory, made at the first time. What the directory's key sealed stays
     * open to a runtime that is given a key later.
     *
     * @throws DataDirectoryException when there is none though something was sealed, or it cannot be read or kept; the
     *     message is one line
     */
    public static SealingKeys open(DataDirectory directory, @Nullable SealingKey given) {
        Path file = directory.storageKey();
        try {
            if (Files.exists(file)) {
                SealingKey kept = SealingKey.parse(Files.readString(file));
                return given == null ? new SealingKeys(kept, List.of()) : new SealingKeys(given, List.of(kept));
            }
            if (given != null) {
                return new SealingKeys(given, List.of());
            }
            if (Files.exists(directory.identity())) {
                throw new DataDirectoryException(
                        directory.identity() + " is encrypted, and neither " + Setting.STORAGE_KEY.environmentName()
                                + " nor " + file + " holds its key: " + IdentityStore.remedy(directory),
                        null);
            }
            SealingKey made = SealingKey.random();
            String text = HexFormat.of().formatHex(made.bytes()) + "\n";
            DurableFile.writeSecret(file, text.getBytes(StandardCharsets.US_ASCII));
            return new SealingKeys(made, List.of());
        } catch (IOException e) {
            throw new DataDirectoryException("The storage key " + file + " cannot be read or kept: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new DataDirectoryException(
                    "The storage key " + file + " is " + e.getMessage() + ": " + IdentityStore.remedy(directory), e);
        }
    }
}
