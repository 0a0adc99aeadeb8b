package dev.sluice.runtime.accesslog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go. A file is appended to, and opened again once its name stands for another file, or for none: so it can be
 * moved away by whoever rotates logs, and nobody has to tell. Owned by one thread.
 */
final class LogFile {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final @Nullable Path path;
    private OutputStream out;
    private @Nullable Object key;

    private LogFile(@Nullable Path path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    static LogFile standardOutput() {
        return new LogFile(null, new BufferedOutputStream(System.out, BUFFER_BYTES));
    }

    static LogFile at(Path path) throws IOException {
        LogFile file = new LogFile(path, open(path));
        file.key = keyOf(path);
        return file;
    }

    void write(byte[] line) throws IOException {
        out.write(line);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Looks whether the name still stands for what is written to. */
    void followRotation() throws IOException {
        if (path == null || (key != null && key.equals(keyOf(path)))) {
            return;
        }
        OutputStream next = open(path);
        OutputStream before = out;
        out = next;
        key = keyOf(path);
        before.close();
    }

    /** Standard output stays open. */
    void close() throws IOException {
        if (path == null) {
            out.flush();
        } else {
            out.close();
        }
    }

    private static OutputStream open(Path path) throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), BUFFER_BYTES);
    }

    /** What tells this file from another of the same name; null where there is no file, or nothing that tells. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }
}
