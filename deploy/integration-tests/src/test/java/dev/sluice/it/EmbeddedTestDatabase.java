package dev.sluice.it;

import dev.sluice.launcher.EmbeddedDatabase;
import dev.sluice.launcher.Ports;
import dev.sluice.launcher.Secrets;
import java.nio.file.Path;

/** The server that the quickstart runs, too. */
record EmbeddedTestDatabase(EmbeddedDatabase server) implements TestDatabase {
    static EmbeddedTestDatabase started(Path directory) {
        EmbeddedDatabase server = EmbeddedDatabase.prepare(
                directory.resolve("postgres"),
                directory.resolve("postgres.log"),
                new Secrets(directory.resolve("secrets")),
                Ports.free());
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop PostgreSQL"));
        server.start();
        return new EmbeddedTestDatabase(server);
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public void createDatabase(String name) {
        server.createDatabase(name);
    }

    @Override
    public String uri(String name) {
        return server.uri(name);
    }

    @Override
    public String logTail(int lines) {
        return server.logTail(lines);
    }

    @Override
    public String toString() {
        return "embedded PostgreSQL";
    }
}
