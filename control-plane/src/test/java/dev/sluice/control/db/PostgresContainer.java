package dev.sluice.control.db;

import org.testcontainers.postgresql.PostgreSQLContainer;

/** A container of PostgreSQL, gone when it is closed or this JVM ends. */
final class PostgresContainer implements PostgresServer {
    static final String IMAGE = "postgres:17-alpine";

    private final PostgreSQLContainer container;

    private PostgresContainer(PostgreSQLContainer container) {
        this.container = container;
    }

    static PostgresContainer start() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE)
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand(
                        "postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "max_connections=200");
        try {
            container.start();
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
        return new PostgresContainer(container);
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    @Override
    public void close() {
        container.close();
    }

    @Override
    public String toString() {
        return "a container of " + IMAGE;
    }
}
