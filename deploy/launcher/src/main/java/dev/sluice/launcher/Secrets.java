package dev.sluice.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets, each a file that its owner alone may read. */
public final class Secrets {
    private static final int BYTES = 32;

    private final Path directory;

    /** @param directory made if absent, for its owner alone */
    public Secrets(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The secret of this name: the one that is kept, else a new one, 64 hexadecimal digits. */
    public String keep(String name) {
        Path file = file(name);
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            write(name, HexFormat.of().formatHex(random));
        }
        return read(file);
    }

    /** The file of a secret that is kept, or was made for it now. */
    public Path keptFile(String name) {
        if (keep(name).isEmpty()) {
            throw new IllegalStateException(file(name) + " is empty: remove it, then a new secret is made");
        }
        return file(name);
    }

    /** Keeps a secret in place of the one before. */
    public void write(String name, String secret) {
        Path draft = file(name + ".new");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, secret + "\n");
            Files.move(draft, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
