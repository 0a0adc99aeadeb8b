package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
    /** Unpacked and initialised once for all tests, which takes longer than they do. */
    @TempDir
    private static Path directory;

    private EmbeddedDatabase database;

    @BeforeEach
    void start() {
        database = prepare(Ports.free());
        database.start();
        database.createDatabase("sluice");
    }

    @AfterEach
    void stop() {
        database.stop();
    }

    @Test
    void isDurableListensOnLoopbackAndWantsAPassword() throws SQLException {
        assertThat(query(database, "SHOW fsync")).isEqualTo("on");
        assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query(database, "SHOW full_page_writes")).isEqualTo("on");
        assertThat(query(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(query(database, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("false");
        String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/sluice";
        for (String user : List.of("sluice", "postgres")) {
            assertThatThrownBy(() -> DriverManager.getConnection(url, user, "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void whatWasCommittedSurvivesAnOrderlyStopAndAKill() throws SQLException {
        update(database, "CREATE TABLE kept (n int)");
        update(database, "INSERT INTO kept VALUES (1)");
        database.stop();
        assertThat(database.running()).isFalse();
        database.start();
        update(database, "INSERT INTO kept VALUES (2)");
        database.kill();
        awaitEnd(database);
        database = prepare(Ports.free());
        database.start();
        database.createDatabase("sluice");
        assertThat(query(database, "SELECT sum(n)::text FROM kept")).isEqualTo("3");
    }

    @Test
    void aServerThatWasLeftBehindIsStoppedFirst() throws SQLException {
        EmbeddedDatabase leftBehind = database;
        update(leftBehind, "CREATE TABLE left_behind (n int)");
        database = prepare(Ports.free());
        assertThat(leftBehind.running()).isFalse();
        database.start();
        assertThat(query(database, "SELECT count(*)::text FROM left_behind")).isEqualTo("0");
    }

    @Test
    void aPortThatIsTakenIsTold() throws IOException {
        database.stop();
        try (ServerSocket taken = new ServerSocket(database.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(database::start)
                    .isInstanceOf(StartFailedException.class)
                    .hasMessage("PostgreSQL cannot listen on port " + taken.getLocalPort() + ": it is taken");
        }
    }

    private static EmbeddedDatabase prepare(int port) {
        return EmbeddedDatabase.prepare(
                directory.resolve("postgres"),
                directory.resolve("postgres.log"),
                new Secrets(directory.resolve("secrets")),
                port);
    }

    private static void awaitEnd(EmbeddedDatabase database) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (database.running()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void update(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        URI uri = URI.create(database.uri("sluice"));
        String[] user = uri.getUserInfo().split(":", -1);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(), user[0], user[1]);
    }
}
