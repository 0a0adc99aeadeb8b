package dev.sluice.it;

import dev.sluice.launcher.EmbeddedDatabase;
import dev.sluice.launcher.Ports;
import dev.sluice.launcher.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** One PostgreSQL server for all tests of this JVM; it stops with the JVM. */
final class DatabaseServer {
    static final Path DIRECTORY = Path.of("target", "it").toAbsolutePath();

    private DatabaseServer() {}

    static EmbeddedDatabase running() {
        return Holder.DATABASE;
    }

    /** A new database; its URI. */
    static String newDatabase() {
        String name =
                "it_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        running().createDatabase(name);
        return running().uri(name);
    }

    /** A session on the database that this URI names. */
    static Connection connect(String uri) throws SQLException {
        URI address = URI.create(uri);
        String[] account = address.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath(),
                account[0],
                account[1]);
    }

    private static final class Holder {
        static final EmbeddedDatabase DATABASE = start();

        private static EmbeddedDatabase start() {
            EmbeddedDatabase database = EmbeddedDatabase.prepare(
                    DIRECTORY.resolve("postgres"),
                    DIRECTORY.resolve("postgres.log"),
                    new Secrets(DIRECTORY.resolve("secrets")),
                    Ports.free());
            Runtime.getRuntime().addShutdownHook(new Thread(database::stop, "stop PostgreSQL"));
            database.start();
            return database;
        }
    }
}
