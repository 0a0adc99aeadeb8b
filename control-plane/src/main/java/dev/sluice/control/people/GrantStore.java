package dev.sluice.control.people;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sluice.control.access.Grant;
import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Role;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of granted roles, of users and of tokens. */
final class GrantStore {
    /** Ends a query's column list: the grants of the user or token whose id this is, as JSON text. */
    private static final String COLUMN = "(SELECT coalesce(json_agg(json_build_object('role', r.role, 'id', rg.id,"
            + " 'name', rg.name) ORDER BY rg.name NULLS FIRST, r.role), '[]') FROM role_grant r"
            + " LEFT JOIN runtime_group rg ON rg.id = r.group_id WHERE r.%s = %s)::text";

    private GrantStore() {}

    static String ofUser(String idColumn) {
        return COLUMN.formatted("user_id", idColumn);
    }

    static String ofToken(String idColumn) {
        return COLUMN.formatted("token_id", idColumn);
    }

    /** Reads the text of such a column. */
    static Grants read(String json) {
        try {
            List<Grant> grants = new ArrayList<>();
            for (JsonNode grant : ConfigJson.MAPPER.readTree(json)) {
                String id = grant.path("id").asText(null);
                grants.add(new Grant(
                        Role.of(grant.path("role").asText()),
                        id == null ? null : UUID.fromString(id),
                        grant.path("name").asText(null)));
            }
            return new Grants(grants);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL answers with valid JSON", e);
        }
    }

    /** As the contract shows them. */
    static ArrayNode view(Grants grants) {
        ArrayNode view = ConfigJson.MAPPER.createArrayNode();
        grants.list()
                .forEach(grant ->
                        view.addObject().put("role", grant.role().wireName()).put("runtime_group", grant.group()));
        return view;
    }

    /**
     * Finds the groups that a request's grants name.
     *
     * @param sent valid by the contract; missing for none
     * @param visible groups that exist for the caller; null for all
     * @return fails with {@link InvalidConfigurationException} naming each that does not exist
     */
    static Future<Grants> resolve(SqlClient client, JsonNode sent, UUID @Nullable [] visible) {
        List<IdOrName> named = new ArrayList<>();
        sent.forEach(grant -> named.add(
                grant.path("runtime_group").isTextual()
                        ? IdOrName.parse(grant.path("runtime_group").asText())
                        : new IdOrName(null, "")));
        UUID[] ids = named.stream().map(IdOrName::id).filter(Objects::nonNull).toArray(UUID[]::new);
        String[] names =
                named.stream().map(IdOrName::name).filter(Objects::nonNull).toArray(String[]::new);
        return client.preparedQuery("SELECT id, name FROM runtime_group WHERE (id = ANY($1) OR name = ANY($2))"
                        + " AND ($3::uuid[] IS NULL OR id = ANY($3))")
                .execute(Tuple.of(ids, names, visible))
                .map(rows -> {
                    Map<String, Grant> found = new HashMap<>();
                    rows.forEach(row -> {
                        Grant group = new Grant(Role.VIEWER, row.getUUID("id"), row.getString("name"));
                        found.put(row.getString("name"), group);
                        found.put(row.getUUID("id").toString(), group);
                    });
                    return resolved(sent, named, found);
                });
    }

    static Future<Void> insertOfUser(SqlConnection connection, UUID userId, Grants grants) {
        return insert(connection, "user_id", userId, grants);
    }

    static Future<Void> insertOfToken(SqlConnection connection, UUID tokenId, Grants grants) {
        return insert(connection, "token_id", tokenId, grants);
    }

    static Future<Void> deleteOfUser(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery("DELETE FROM role_grant WHERE user_id = $1")
                .execute(Tuple.of(userId))
                .mapEmpty();
    }

    private static Future<Void> insert(SqlConnection connection, String holder, UUID id, Grants grants) {
        if (grants.list().isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> rows = grants.list().stream()
                .map(grant -> Tuple.tuple()
                        .addUUID(id)
                        .addUUID(grant.groupId())
                        .addString(grant.role().wireName()))
                .toList();
        return connection
                .preparedQuery("INSERT INTO role_grant (" + holder + ", group_id, role) VALUES ($1, $2, $3)")
                .executeBatch(rows)
                .mapEmpty();
    }

    private static Grants resolved(JsonNode sent, List<IdOrName> named, Map<String, Grant> found) {
        List<Grant> grants = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            Role role = Role.of(sent.get(i).path("role").asText());
            IdOrName name = named.get(i);
            UUID id = name.id();
            Grant group = found.get(id == null ? name.text() : id.toString());
            if (group != null) {
                grants.add(new Grant(role, group.groupId(), group.group()));
            } else if (sent.get(i).path("runtime_group").isTextual()) {
                violations.add(new Violation(
                        "grants[" + i + "].runtime_group", "not_found", "There is no runtime group " + name + "."));
            } else {
                grants.add(new Grant(role, null, null));
            }
        }
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new Grants(grants);
    }
}
