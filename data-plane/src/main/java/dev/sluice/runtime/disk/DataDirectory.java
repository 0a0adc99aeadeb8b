package dev.sluice.runtime.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory that one runtime has for itself, as long as its process lives. Blocking. */
public final class DataDirectory implements AutoCloseable {
    private final Path directory;
    private final FileChannel lockFile;
    private final UUID runtimeId;

    private DataDirectory(Path directory, FileChannel lockFile, UUID runtimeId) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.runtimeId = runtimeId;
    }

    /**
     * Makes the directory where it is absent, takes it for this process, and gives it an id at the first time.
     *
     * @throws DataDirectoryException when it cannot be used or another runtime has it; the message is one line
     */
    public static DataDirectory open(Path directory) {
        FileChannel lockFile = null;
        try {
            Files.createDirectories(directory.resolve("last-good"));
            Files.createDirectories(directory.resolve("spool"));
            Files.createDirectories(buffers(directory));
            lockFile = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                throw new DataDirectoryException(
                        "The data directory " + directory + " is in use by another runtime: give each its own", null);
            }
            empty(buffers(directory));
            return new DataDirectory(directory, lockFile, runtimeId(directory.resolve("runtime-id")));
        } catch (IOException e) {
            release(lockFile);
            throw new DataDirectoryException("The data directory " + directory + " cannot be used: " + e, e);
        } catch (DataDirectoryException e) {
            release(lockFile);
            throw e;
        }
    }

    /** Kept over restarts. */
    public UUID runtimeId() {
        return runtimeId;
    }

    /** Where the runtime's key, certificates and trust are kept, encrypted. */
    public Path identity() {
        return identity(directory);
    }

    /** As {@link #identity()}, of a directory that is not open. */
    public static Path identity(Path directory) {
        return directory.resolve("identity");
    }

    /** Where the key is kept that encrypts the directory's secrets, if this runtime is not given one. */
    public Path storageKey() {
        return directory.resolve("storage-key");
    }

    /** Where snapshots are kept. */
    public Path lastGood() {
        return directory.resolve("last-good");
    }

    /** Where counts are kept that no control plane has acknowledged. */
    public Path spool() {
        return directory.resolve("spool");
    }

    /** Where answers and request bodies are held for slow clients; empty whenever a runtime begins. */
    public static Path buffers(Path directory) {
        return directory.resolve("buffers");
    }

    /** Lets another runtime have it. */
    @Override
    public void close() {
        release(lockFile);
    }

    /** What a process left that was killed. */
    private static void empty(Path directory) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            for (Path file : (Iterable<Path>) left::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean lock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by another runtime in this very process
        }
    }

    private static UUID runtimeId(Path file) throws IOException {
        if (!Files.exists(file)) {
            DurableFile.write(file, (UUID.randomUUID() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        try {
            return UUID.fromString(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no id", e);
        }
    }

    private static void release(@Nullable FileChannel lockFile) {
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                throw new DataDirectoryException("The lock of the data directory cannot be released: " + e, e);
            }
        }
    }
}
