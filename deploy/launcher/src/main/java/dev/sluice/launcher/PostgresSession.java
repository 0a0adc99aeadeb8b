package dev.sluice.launcher;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** What the superuser does on a new server: an account for Sluice, which may do nothing but own its databases. */
public final class PostgresSession {
    /** The account's name. */
    public static final String OWNER = "sluice";

    private PostgresSession() {}

    /**
     * Makes the account and the database where they are absent.
     *
     * @param port of the server, on the loopback interface
     * @param superuserPassword of the account {@code postgres}
     * @param ownerPassword of the account to be, hexadecimal digits
     * @param name letters, digits and underscores
     */
    public static void createDatabase(int port, String superuserPassword, String ownerPassword, String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("Not a plain name of a database: " + name);
        }
        try (Connection connection = connect(port, superuserPassword);
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", OWNER)) {
                // Secrets are hexadecimal digits, so that there is nothing to quote.
                statement.execute("CREATE ROLE " + OWNER + " LOGIN PASSWORD '" + ownerPassword + "'");
            }
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + OWNER);
            }
        } catch (SQLException e) {
            throw new StartFailedException("PostgreSQL did not make the database " + name + ": " + e.getMessage(), e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static Connection connect(int port, String password) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("postgres");
        source.setUser("postgres");
        source.setPassword(password);
        source.setConnectTimeout(10);
        source.setSocketTimeout(60);
        return source.getConnection();
    }
}
