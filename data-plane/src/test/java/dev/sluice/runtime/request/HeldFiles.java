package dev.sluice.runtime.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a gateway holds on disk, in a directory that only one test uses. */
final class HeldFiles {
    private HeldFiles() {}

    /** Waits until there is nothing: neither counted, nor by a name, nor open. */
    static void awaitNone(Path directory, TestGateway gateway) {
        TestGateway.await("given back", () -> gateway.server().heldOnDisk() == 0);
        TestGateway.await("deleted", () -> named(directory) == 0); // one may have been on its way
        TestGateway.await("closed", () -> open(directory) == 0);
    }

    private static long named(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files of the directory that this process has open, where the platform tells. They have no name any more. */
    private static long open(Path directory) {
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.filter(file -> target(file).startsWith(directory.toString()))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed by now
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
