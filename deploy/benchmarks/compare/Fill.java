import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Route;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Declares so many more routes of a version at once: {@code java Fill.java POSTGRES_URI SERVICE VERSION
 * ROUTES}. It commits
 * one revision straight to the database, as a control plane of the same fleet would, since one call of the API for each
 * route takes a compilation of them all. Every route has a prefix path of its own; every second one a host, too.
 */
public final class Fill {
    private static final String HEAD =
            "SELECT h.group_id, g.name, h.epoch, h.revision, v.id FROM group_head h JOIN runtime_group g ON g.id = h.group_id"
                    + " JOIN service_version v ON v.group_id = h.group_id JOIN service s ON s.id = v.service_id"
                    + " WHERE s.name = ? AND v.name = ? AND v.deleted_at IS NULL FOR UPDATE OF h";

    private Fill() {}

    public static void main(String[] arguments) throws SQLException {
        URI uri = URI.create(arguments[0]);
        String[] login = uri.getUserInfo().split(":", 2);
        String address = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        try (Connection connection = DriverManager.getConnection(address, login[0], login[1])) {
            connection.setAutoCommit(false);
            fill(connection, arguments[1], arguments[2], Integer.parseInt(arguments[3]));
            connection.commit();
        }
    }

    private static void fill(Connection connection, String service, String version, int routes) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HEAD)) {
            query.setString(1, service);
            query.setString(2, version);
            ResultSet head = query.executeQuery();
            if (!head.next()) {
                throw new IllegalArgumentException("There is no " + service + "/" + version);
            }
            UUID group = head.getObject(1, UUID.class);
            Revision next = new Revision(head.getLong(3), head.getLong(4)).next();
            List<Entity> entities = present(connection, group);
            insert(connection, group, head.getObject(5, UUID.class), next.number(), routes, entities);
            String digest = Snapshot.of(head.getString(2), next, entities).digest().hex();
            update(
                    connection,
                    "INSERT INTO revision (group_id, number, epoch, digest, author, summary)"
                            + " VALUES (?, ?, ?, ?, 'benchmark', 'fill')",
                    group, next.number(), next.epoch(), digest);
            update(
                    connection,
                    "UPDATE group_head SET revision = ?, digest = ?, changed_at = now() WHERE group_id = ?",
                    next.number(), digest, group);
        }
    }

    private static List<Entity> present(Connection connection, UUID group) throws SQLException {
        List<Entity> entities = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT kind, id, bytes FROM config_entity WHERE group_id = ? AND valid_to IS NULL")) {
            query.setObject(1, group);
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
                entities.add(Entity.of(rows.getString(1), rows.getObject(2, UUID.class), rows.getBytes(3)));
            }
        }
        return entities;
    }

    private static void insert(
            Connection connection, UUID group, UUID version, long revision, int routes, List<Entity> entities)
            throws SQLException {
        try (PreparedStatement owner = connection.prepareStatement("INSERT INTO route_owner VALUES (?, ?, ?)");
                PreparedStatement entity = connection.prepareStatement(
                        "INSERT INTO config_entity (group_id, kind, id, valid_from, version_id, name, bytes, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, now())")) {
            for (int i = 0; i < routes; i++) {
                UUID id = UUID.randomUUID();
                byte[] bytes = route(id, version, i);
                entities.add(Entity.of(EntityKinds.ROUTE, id, bytes));
                add(owner, group, id, version);
                add(entity, group, EntityKinds.ROUTE, id, revision, version, "filler-" + i, bytes);
            }
            owner.executeBatch();
            entity.executeBatch();
        }
    }

    private static byte[] route(UUID id, UUID version, int number) {
        ObjectNode json = ConfigJson.MAPPER.createObjectNode();
        json.put("id", id.toString()).put("version_id", version.toString());
        json.put("created_at", Instant.ofEpochSecond(1_700_000_000L + number).toString());
        json.put("name", "filler-" + number);
        json.putArray("paths").add("/team-" + number % 100 + "/filler-" + number);
        if (number % 2 == 0) {
            json.putArray("hosts").add("team-" + number % 100 + ".example.com");
        }
        return ConfigJson.bytes(ConfigJson.read(Route.class, json));
    }

    private static void add(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            add(statement, values);
            statement.executeBatch();
        }
    }
}
