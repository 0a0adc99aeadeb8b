package dev.sluice.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The ports of a data directory, kept in a file: what people declared (an implementation with the address of echo) and
 * processes that go on running (a runtime that was added) find the same ones after a restart.
 */
final class PortBook {
    private final Path file;
    private final Properties ports = new Properties();

    PortBook(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                ports.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The port that goes by this name: the one that it had, where that is free, else a new one. */
    int free(String name) {
        int remembered = remembered(name);
        if (remembered > 0 && Ports.isFree(remembered)) {
            return remembered;
        }
        int port = Ports.free();
        remember(name, port);
        return port;
    }

    /** The port that goes by this name, or 0. */
    int remembered(String name) {
        try {
            int port = Integer.parseInt(ports.getProperty(name, "0"));
            return port >= 0 && port <= 65535 ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    void remember(String name, int port) {
        ports.setProperty(name, Integer.toString(port));
        try (Writer writer = Files.newBufferedWriter(file)) {
            ports.store(writer, "Ports of this data directory");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
