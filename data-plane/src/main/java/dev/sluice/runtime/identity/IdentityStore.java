package dev.sluice.runtime.identity;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.disk.DataDirectoryException;
import dev.sluice.runtime.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * This runtime's identity, in memory and on disk: key, certificates and trust in one file, encrypted, so that they belong
 * together always. A runtime that has not joined yet keeps its key there alone: so it asks with the same one after a
 * restart, and a lost answer costs no use of its token. Any thread may read; the control loop writes.
 */
public final class IdentityStore {
    private static final String CONTEXT = "runtime/identity";

    private final Path file;
    private final UUID runtime;
    private final SealingKeys keys;
    private final RuntimeKey firstKey;
    private volatile @Nullable Identity current;

    private IdentityStore(DataDirectory directory, SealingKeys keys, RuntimeKey firstKey, @Nullable Identity current) {
        this.file = directory.identity();
        this.runtime = directory.runtimeId();
        this.keys = keys;
        this.firstKey = firstKey;
        this.current = current;
    }

    /**
     * Reads what is kept, or makes and keeps a key where nothing is.
     *
     * @throws DataDirectoryException when something is kept that cannot be read; it is left as it is
     */
    public static IdentityStore open(DataDirectory directory, SealingKeys keys) {
        Path file = directory.identity();
        try {
            if (!Files.exists(file)) {
                RuntimeKey made = RuntimeKey.random();
                IdentityStore store = new IdentityStore(directory, keys, made, null);
                store.write(new Kept(made.privatePem(), made.publicPem(), null));
                return store;
            }
            String sealed = Files.readString(file, StandardCharsets.US_ASCII);
            Kept kept = WireJson.read(Kept.class, keys.open(CONTEXT, sealed));
            RuntimeKey key = RuntimeKey.ofPem(kept.privateKey(), kept.publicKey());
            Enrolment enrolment = kept.enrolment();
            Identity identity = enrolment == null ? null : Identity.of(key, directory.runtimeId(), enrolment);
            return new IdentityStore(directory, keys, key, identity);
        } catch (UnsealableException | IllegalArgumentException e) {
            throw new DataDirectoryException(
                    "The identity in " + file + " cannot be opened (" + e.getMessage() + "): " + remedy(directory), e);
        } catch (IOException e) {
            throw new DataDirectoryException("The identity in " + file + " cannot be read or kept: " + e, e);
        }
    }

    /** What to do when the identity cannot be opened. */
    static String remedy(DataDirectory directory) {
        return "give back the key by " + Setting.STORAGE_KEY.environmentName() + " or in " + directory.storageKey()
                + "; if it is lost, or the file is damaged, delete " + directory.identity() + " and "
                + directory.identity().resolveSibling("runtime-id") + " and give a new "
                + Setting.JOIN_TOKEN.environmentName() + " to join as another runtime";
    }

    public UUID runtime() {
        return runtime;
    }

    /** Null until the runtime has joined. */
    public @Nullable Identity current() {
        return current;
    }

    /** The key to join with: that of the certificate, if there ever was one. */
    public RuntimeKey joiningKey() {
        Identity identity = current;
        return identity == null ? firstKey : identity.key();
    }

    /** From now on the runtime is this; it is on disk only after {@link #keep}. */
    public void take(Identity identity) {
        current = identity;
    }

    /** Writes what is taken. Blocking. */
    public void keep() throws IOException {
        Identity identity = current;
        if (identity != null) {
            RuntimeKey key = identity.key();
            write(new Kept(key.privatePem(), key.publicPem(), identity.enrolment()));
        }
    }

    private void write(Kept kept) throws IOException {
        String sealed = keys.seal(CONTEXT, WireJson.bytes(kept));
        DurableFile.writeSecret(file, sealed.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param enrolment null until the runtime has joined */
    record Kept(
            String privateKey, String publicKey, @Nullable Enrolment enrolment) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Kept";
        }
    }
}
