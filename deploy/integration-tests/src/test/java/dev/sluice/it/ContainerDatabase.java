package dev.sluice.it;

import dev.sluice.launcher.Ports;
import dev.sluice.launcher.PostgresSession;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A container of PostgreSQL, published at one port of this machine for as long as it lives. */
final class ContainerDatabase implements TestDatabase {
    private static final String IMAGE = "postgres:17-alpine";
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "0123456789abcdef";
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final int STOP_SECONDS = 60;

    private final PostgreSQLContainer container;
    private final int port;

    private ContainerDatabase(PostgreSQLContainer container, int port) {
        this.container = container;
        this.port = port;
    }

    static ContainerDatabase started() {
        int port = Ports.free();
        PostgreSQLContainer container =
                new PostgreSQLContainer(IMAGE).withUsername(SUPERUSER).withPassword(PASSWORD);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
        container.setCommand("postgres"); // without fsync=off, which Testcontainers sets
        try {
            container.start();
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
        return new ContainerDatabase(container, port);
    }

    @Override
    public void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        Await.until(STARTS_WITHIN, "PostgreSQL takes connections", this::takesConnections);
    }

    @Override
    public void stop() {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
    }

    @Override
    public void createDatabase(String name) {
        PostgresSession.createDatabase(port, PASSWORD, PASSWORD, name);
    }

    @Override
    public String uri(String name) {
        return "postgresql://" + PostgresSession.OWNER + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + name;
    }

    @Override
    public String logTail(int lines) {
        List<String> log = container.getLogs().lines().toList();
        return String.join("\n", log.subList(Math.max(0, log.size() - lines), log.size()));
    }

    @Override
    public String toString() {
        return "a container of " + IMAGE;
    }

    private boolean takesConnections() {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, SUPERUSER, PASSWORD)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }
}
