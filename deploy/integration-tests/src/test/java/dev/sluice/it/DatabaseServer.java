package dev.sluice.it;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PostgreSQL server for all tests of this JVM, in a container or embedded; it stops with the JVM. */
final class DatabaseServer {
    static final Path DIRECTORY = Path.of("target", "it").toAbsolutePath();

    private DatabaseServer() {}

    static TestDatabase running() {
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
        static final TestDatabase DATABASE = start();

        private static TestDatabase start() {
            Logger log = LoggerFactory.getLogger(DatabaseServer.class);
            TestDatabase database = PostgresChoice.read()
                    .start(
                            ContainerDatabase::started,
                            () -> EmbeddedTestDatabase.started(DIRECTORY),
                            refused -> log.warn("No container for PostgreSQL: {}", refused));
            log.warn("The tests run on {}", database);
            return database;
        }
    }
}
