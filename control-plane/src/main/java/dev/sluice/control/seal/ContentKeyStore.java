package dev.sluice.control.seal;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Rows of content keys. */
final class ContentKeyStore {
    static final String CHANNEL = "sluice_trust";

    record Row(String id, String sealed) {}

    /** The newest first. */
    Future<List<Row>> of(SqlClient client, UUID group) {
        return client.preparedQuery(
                        "SELECT id, sealed_key FROM content_key WHERE group_id = $1 ORDER BY created_at DESC, id")
                .execute(Tuple.of(group))
                .map(rows -> {
                    List<Row> keys = new ArrayList<>();
                    rows.forEach(row -> keys.add(new Row(row.getString("id"), row.getString("sealed_key"))));
                    return keys;
                });
    }

    /** Nobody else makes a key for this group before the transaction ends. */
    Future<Void> lock(SqlConnection connection, UUID group) {
        return connection
                .preparedQuery("SELECT pg_advisory_xact_lock(hashtextextended('content_key ' || $1, 0))")
                .execute(Tuple.of(group.toString()))
                .mapEmpty();
    }

    Future<Void> insert(SqlConnection connection, UUID group, String id, String sealed) {
        return connection
                .preparedQuery("INSERT INTO content_key (group_id, id, sealed_key) VALUES ($1, $2, $3)")
                .execute(Tuple.of(group, id, sealed))
                .compose(made -> connection
                        .query("NOTIFY " + CHANNEL + ", 'content_key'")
                        .execute())
                .mapEmpty();
    }
}
