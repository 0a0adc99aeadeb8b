package dev.sluice.control.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.RequestFacts;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the audit trail. */
public final class AuditStore {
    private static final int MOST_OTHERS = 500;
    private static final String INSERT =
            "INSERT INTO audit_record (actor_kind, actor_id, actor_name, address, operation,"
                    + " method, path, status, request_id, entity_kind, entity_id, entity_name, before, after, also)"
                    + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    private static final String PAGE = "SELECT * FROM audit_record WHERE ($1::bigint IS NULL OR id < $1)"
            + " AND ($2::text IS NULL OR actor_name = $2 OR actor_id::text = $2)"
            + " AND ($3::text IS NULL OR operation = $3)"
            + " AND ($4::text IS NULL OR entity_name = $4 OR entity_id::text = $4 OR entity_kind = $4)"
            + " AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)"
            + " ORDER BY id DESC LIMIT $7";

    /**
     * Writes down a write within its own transaction: both are there or neither.
     *
     * @param changes what it changed, first what it was about; empty when nothing is known of that
     */
    public Future<Void> wrote(SqlConnection connection, Caller caller, List<AuditChange> changes) {
        AuditChange first = changes.isEmpty() ? null : changes.get(0);
        return insert(connection, caller, first == null ? 200 : first.status(), changes)
                .onSuccess(written -> caller.audited());
    }

    /** Writes down a request of which only the answer's status is known. */
    Future<Void> ended(SqlClient client, Caller caller, int status) {
        return insert(client, caller, status, List.of());
    }

    /** The newest first: those that match, at most so many. */
    public Future<List<AuditRecord>> page(SqlClient client, AuditFilter filter, @Nullable Long before, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.tuple()
                        .addLong(before)
                        .addString(filter.actor())
                        .addString(filter.operation())
                        .addString(filter.entity())
                        .addOffsetDateTime(filter.from())
                        .addOffsetDateTime(filter.to())
                        .addInteger(limit))
                .map(rows -> {
                    List<AuditRecord> records = new ArrayList<>(rows.size());
                    rows.forEach(row -> records.add(record(row)));
                    return records;
                });
    }

    private static Future<Void> insert(SqlClient client, Caller caller, int status, List<AuditChange> changes) {
        Principal who = caller.principal();
        RequestFacts request = caller.request();
        AuditChange first = changes.isEmpty() ? null : changes.get(0).redacted();
        return client.preparedQuery(INSERT)
                .execute(Tuple.tuple()
                        .addString(who.kind().wireName())
                        .addUUID(who.id())
                        .addString(who.name())
                        .addString(request.address())
                        .addString(request.operation())
                        .addString(request.method())
                        .addString(request.path())
                        .addInteger(status)
                        .addString(request.id())
                        .addString(first == null ? null : first.kind())
                        .addUUID(first == null ? null : first.id())
                        .addString(first == null ? null : first.name())
                        .addValue(first == null ? null : json(first.before()))
                        .addValue(first == null ? null : json(first.after()))
                        .addValue(others(changes)))
                .mapEmpty();
    }

    private static JsonArray others(List<AuditChange> changes) {
        ArrayNode others = ConfigJson.MAPPER.createArrayNode();
        changes.stream().skip(1).limit(MOST_OTHERS).map(AuditChange::redacted).forEach(change -> {
            UUID id = change.id();
            ObjectNode other = others.addObject()
                    .put("kind", change.kind())
                    .put("id", id == null ? null : id.toString())
                    .put("name", change.name());
            other.set("before", change.before());
            other.set("after", change.after());
        });
        return new JsonArray(others.toString());
    }

    private static @Nullable JsonObject json(@Nullable ObjectNode node) {
        return node == null ? null : new JsonObject(node.toString());
    }

    private static AuditRecord record(Row row) {
        JsonObject before = row.getJsonObject("before");
        JsonObject after = row.getJsonObject("after");
        return new AuditRecord(
                row.getLong("id"),
                row.getOffsetDateTime("at").toInstant(),
                new AuditRecord.Named(
                        row.getString("actor_kind"), row.getUUID("actor_id"), row.getString("actor_name")),
                row.getString("address"),
                row.getString("operation"),
                row.getString("method"),
                row.getString("path"),
                row.getInteger("status"),
                row.getString("request_id"),
                row.getString("entity_kind") == null
                        ? null
                        : new AuditRecord.Named(
                                row.getString("entity_kind"), row.getUUID("entity_id"), row.getString("entity_name")),
                before == null ? null : tree(before.encode()),
                after == null ? null : tree(after.encode()),
                tree(row.getJsonArray("also").encode()));
    }

    private static JsonNode tree(String json) {
        try {
            return ConfigJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL answers with valid JSON", e);
        }
    }
}
