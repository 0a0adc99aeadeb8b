package dev.sluice.control.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of services that are not deleted and that the caller sees, with those of their versions that he sees. */
final class ServiceStore {
    private static final String SELECT = "SELECT s.id, s.name, s.description, s.labels::text AS labels, s.created_at,"
            + " s.updated_at, (SELECT coalesce(json_agg(json_build_object('id', v.id, 'name', v.name)"
            + " ORDER BY v.created_at, v.id), '[]') FROM service_version v"
            + " WHERE v.service_id = s.id AND v.deleted_at IS NULL"
            + " AND ($1::uuid[] IS NULL OR v.group_id = ANY($1)))::text AS versions"
            + " FROM service s WHERE s.deleted_at IS NULL AND " + OwnerStore.serviceIsVisible("$1") + " AND ";
    private static final String NAMED = "(s.id = $2 OR s.name = $3)";

    Future<@Nullable ServiceRow> find(SqlClient client, Caller caller, IdOrName service) {
        return one(client, caller, service, "");
    }

    /** As {@link #find}, kept as it is until the transaction ends. */
    Future<@Nullable ServiceRow> lock(SqlConnection connection, Caller caller, IdOrName service) {
        return one(connection, caller, service, " FOR UPDATE OF s");
    }

    /** Whether there is such a service, also one that the caller does not see. */
    Future<Boolean> exists(SqlClient client, IdOrName service) {
        return client.preparedQuery("SELECT FROM service s WHERE s.deleted_at IS NULL AND (s.id = $1 OR s.name = $2)")
                .execute(Tuple.of(service.id(), service.name()))
                .map(rows -> rows.size() > 0);
    }

    /**
     * A page, the oldest first: {@link Page#limit()} at most.
     *
     * @param name of the one to find
     * @param search what name or description must have in it
     */
    Future<List<ServiceRow>> page(
            SqlClient client, Caller caller, @Nullable String name, @Nullable String search, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return client.preparedQuery(SELECT + "($2::text IS NULL OR s.name = $2)"
                        + " AND ($3::timestamptz IS NULL OR (s.created_at, s.id) > ($3, $4::uuid))"
                        + " AND ($6::text IS NULL OR strpos(lower(s.name), lower($6)) > 0"
                        + " OR strpos(lower(s.description), lower($6)) > 0)"
                        + " ORDER BY s.created_at, s.id LIMIT $5")
                .execute(Tuple.of(
                        caller.visibleGroups(),
                        name,
                        position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC),
                        position == null ? null : position.id(),
                        page.limit(),
                        search))
                .map(ServiceStore::services);
    }

    /** @param fields complete: name, description, labels */
    Future<Void> insert(SqlConnection connection, UUID id, ObjectNode fields) {
        return connection
                .preparedQuery("INSERT INTO service (id, name, description, labels) VALUES ($1, $2, $3, $4)")
                .execute(values(id, fields))
                .mapEmpty();
    }

    /** @param fields complete: name, description, labels */
    Future<Void> update(SqlConnection connection, UUID id, ObjectNode fields) {
        return connection
                .preparedQuery("UPDATE service SET name = $2, description = $3, labels = $4, updated_at = now(),"
                        + " row_version = row_version + 1"
                        + " WHERE id = $1 AND (name, description, labels) <> ($2, $3, $4)")
                .execute(values(id, fields))
                .mapEmpty();
    }

    /** Marks a service as deleted; its row stays, for revisions that may be restored. */
    Future<Void> delete(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("UPDATE service SET deleted_at = now(), updated_at = now(),"
                        + " row_version = row_version + 1 WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    private static Tuple values(UUID id, ObjectNode fields) {
        return Tuple.of(
                id,
                fields.path("name").asText(),
                fields.path("description").asText(),
                new JsonObject(fields.path("labels").toString()));
    }

    private static Future<@Nullable ServiceRow> one(SqlClient client, Caller caller, IdOrName service, String lock) {
        return client.preparedQuery(SELECT + NAMED + lock)
                .execute(Tuple.of(caller.visibleGroups(), service.id(), service.name()))
                .map(ServiceStore::services)
                .map(found -> found.isEmpty() ? null : found.get(0));
    }

    private static List<ServiceRow> services(Iterable<Row> rows) {
        List<ServiceRow> services = new ArrayList<>();
        for (Row row : rows) {
            services.add(new ServiceRow(
                    row.getUUID("id"),
                    row.getString("name"),
                    row.getString("description"),
                    json(row.getString("labels")),
                    json(row.getString("versions")),
                    row.getOffsetDateTime("created_at").toInstant(),
                    row.getOffsetDateTime("updated_at").toInstant()));
        }
        return services;
    }

    private static JsonNode json(String text) {
        try {
            return ConfigJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL answers with valid JSON", e);
        }
    }
}
