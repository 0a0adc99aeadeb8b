package dev.sluice.runtime.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that a reader finds whole, or as they were before: written beside and renamed into place. Blocking. */
public final class DurableFile {
    /** How the name of a file that is being written ends; such a file is of no use to anybody. */
    public static final String UNFINISHED = ".tmp";

    private static final Set<OpenOption> HOW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private DurableFile() {}

    /** Replaces the file; when this returns, it survives the loss of power. */
    public static void write(Path file, byte[] content) throws IOException {
        replace(file, content, true);
        syncDirectory(file);
    }

    /** Replaces the file; when this returns, it survives the end of the process, but not the loss of power. */
    public static void writeLightly(Path file, byte[] content) throws IOException {
        replace(file, content, false);
    }

    /** As {@link #write}; nobody but the user of this process may ever read the file, not even while it is written. */
    public static void writeSecret(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(beside(file)); // permissions are given to files that are made
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        replace(file, content, true, posix ? ownerOnly() : new FileAttribute<?>[0]);
        syncDirectory(file);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    private static void replace(Path file, byte[] content, boolean force, FileAttribute<?>... attributes)
            throws IOException {
        Path beside = beside(file);
        try {
            try (FileChannel channel = FileChannel.open(beside, HOW, attributes)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                if (force) {
                    channel.force(true);
                }
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
    }

    private static void syncDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
