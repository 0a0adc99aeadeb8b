package dev.sluice.control.db;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.TrustSettings;
import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A new database for each test class, on one real PostgreSQL server for the whole JVM, in a container or embedded: {@link
 * PostgresServer} says which. Register it as a static field:
 * {@code @RegisterExtension static final PostgresExtension postgres = new PostgresExtension();}
 */
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
    /** The secret key of every test's settings. */
    public static final SealingKey SECRET_KEY = SealingKey.of(new byte[SealingKey.BYTES]);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final boolean migrated;
    private String database = "";
    private String host = "";
    private int port;

    /** With the schema of this release in it. */
    public PostgresExtension() {
        this(true);
    }

    private PostgresExtension(boolean migrated) {
        this.migrated = migrated;
    }

    /** With nothing in it. */
    public static PostgresExtension empty() {
        return new PostgresExtension(false);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Server server = Server.of(context);
        database = "test_" + COUNT.incrementAndGet();
        host = server.postgres.host();
        port = server.postgres.port();
        server.execute("CREATE DATABASE " + database + (migrated ? " TEMPLATE " + server.template() : ""));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Server.of(context).execute("DROP DATABASE " + database + " WITH (FORCE)");
    }

    public String uri() {
        return uri(host, port, database);
    }

    /** This database behind another port of this machine, such as a proxy's. */
    public String uriAt(int otherPort) {
        return uri("127.0.0.1", otherPort, database);
    }

    public int port() {
        return port;
    }

    /** Free ports, no cluster. */
    public ControlPlaneSettings settings() {
        return settings(uri());
    }

    public static ControlPlaneSettings settings(String uri) {
        return settings(uri, Duration.ofDays(30));
    }

    /** @param certificateLife of runtimes' and control planes' certificates */
    public static ControlPlaneSettings settings(String uri, Duration certificateLife) {
        return new ControlPlaneSettings(
                uri,
                10,
                new HostPort("127.0.0.1", 0),
                null,
                new HostPort("127.0.0.1", 0),
                "admin-token",
                new SealingKeys(SECRET_KEY, List.of()),
                TrustSettings.ofCertificateLife(certificateLife),
                List.of(Cidr.parse("127.0.0.1")),
                DeniedNetworks.ALWAYS_DENIED,
                null);
    }

    /** A pool of its own on this database, as one more control plane has; closed with Vert.x, before the class ends. */
    public Database open(Vertx vertx) {
        try {
            return Database.open(vertx, settings()).await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The database was not opened in time", e);
        }
    }

    private static String uri(String host, int port, String name) {
        return "postgresql://postgres:postgres@" + host + ":" + port + "/" + name;
    }

    private static final class Server implements AutoCloseable {
        private static final String TEMPLATE = "sluice_template";

        private final PostgresServer postgres = PostgresServer.start();
        private boolean hasTemplate;

        static Server of(ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(PostgresExtension.class))
                    .getOrComputeIfAbsent(Server.class, key -> new Server(), Server.class);
        }

        synchronized String template() {
            if (!hasTemplate) {
                execute("CREATE DATABASE " + TEMPLATE);
                Migrations.migrate(PostgresAddress.parse(uri(postgres.host(), postgres.port(), TEMPLATE)));
                hasTemplate = true;
            }
            return TEMPLATE;
        }

        void execute(String sql) {
            String url = "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/postgres";
            try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        @Override
        public void close() {
            postgres.close();
        }
    }
}
