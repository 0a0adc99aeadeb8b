package dev.sluice.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs for this machine, unpacked from the jar that brings them. */
final class PostgresProgram {
    private static final int OWNER_EXECUTES = 0100;

    private final Path directory;

    private PostgresProgram(Path directory) {
        this.directory = directory;
    }

    /** Unpacks the programs below this directory unless they are there, whole, from an earlier time. */
    static PostgresProgram below(Path parent) throws IOException {
        byte[] archive = archive();
        CRC32 checksum = new CRC32();
        checksum.update(archive);
        Path directory = parent.resolve(String.format(Locale.ROOT, "program-%08x", checksum.getValue()));
        if (!Files.exists(directory)) {
            Path draft = parent.resolve(directory.getFileName() + ".new");
            deleteTree(draft);
            unpack(archive, draft);
            Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresProgram(directory);
    }

    String path(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void unpack(byte[] archive, Path directory) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(archive)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = directory.resolve(entry.getName()).normalize();
                if (!path.startsWith(directory)) {
                    throw new IOException("The archive of PostgreSQL has an entry outside: " + entry.getName());
                }
                unpack(tar, entry, path);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions((entry.getMode() & OWNER_EXECUTES) != 0));
        }
    }

    private static Set<PosixFilePermission> permissions(boolean executable) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if (executable) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    private static byte[] archive() throws IOException {
        String name = "/postgres-" + system() + "-" + architecture() + flavour() + ".txz";
        try (InputStream in = PostgresProgram.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no PostgreSQL is packaged for this machine (" + name + ")");
            }
            return in.readAllBytes();
        }
    }

    private static String system() {
        return System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    }

    /** Alpine has a C library of its own. */
    private static String flavour() {
        return Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
    }
}
