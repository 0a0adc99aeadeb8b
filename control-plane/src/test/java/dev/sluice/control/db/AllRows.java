package dev.sluice.control.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** All that a database holds, for tests that look for what must not be there. */
public final class AllRows {
    private AllRows() {}

    /**
     * Every row of every table as text; bytes are hexadecimal digits there.
     *
     * @param uri as {@link PostgresExtension#uri()}
     */
    public static List<String> of(String uri) {
        List<String> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + uri.replaceFirst("//.*@", "//"), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            List<String> tables =
                    texts(statement, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'");
            for (String table : tables) {
                rows.addAll(texts(statement, "SELECT t::text FROM " + table + " t"));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The tables cannot be read", e);
        }
        return rows;
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
