package dev.sluice.control.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL of this JVM's tests, and its superuser {@code postgres} with the password {@code postgres}: in a container
 * where a container engine answers, else embedded. The system property {@code test.postgres} or the environment's {@code
 * TEST_POSTGRES} demands one: {@code container} or {@code embedded}. Neither keeps what it has acknowledged if the machine
 * dies, for speed.
 */
interface PostgresServer extends AutoCloseable {
    String host();

    int port();

    @Override
    void close();

    /** Starts one, and says which. */
    static PostgresServer start() {
        Logger log = LoggerFactory.getLogger(PostgresServer.class);
        PostgresServer started = PostgresChoice.read()
                .start(
                        PostgresContainer::start,
                        PostgresServer::embedded,
                        refused -> log.warn("No container for PostgreSQL: {}", refused));
        log.info("The tests run on {}", started);
        return started;
    }

    private static PostgresServer embedded() {
        EmbeddedPostgres postgres;
        try {
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PostgresServer() {
            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public int port() {
                return postgres.getPort();
            }

            @Override
            public void close() {
                try {
                    postgres.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public String toString() {
                return "embedded PostgreSQL";
            }
        };
    }
}
