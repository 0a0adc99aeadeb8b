package dev.sluice.control.seal;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Sealed values, wherever they are. */
final class SealedStore {
    private static final long LOCK = 0x5EA1;

    record Value(String key, String sealed) {}

    /** One control plane at a time, until the transaction ends. */
    Future<Void> lock(SqlConnection connection) {
        return connection
                .query("SELECT pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .mapEmpty();
    }

    /** Values that another key than this has sealed. */
    Future<List<Value>> notSealedBy(SqlClient client, SealedColumn column, String keyId) {
        return client.preparedQuery("SELECT " + column.key() + "::text, " + column.column() + " FROM " + column.table()
                        + " WHERE NOT starts_with(" + column.column() + ", $1)")
                .execute(Tuple.of("sealed:1:" + keyId + ":"))
                .map(rows -> {
                    List<Value> values = new ArrayList<>();
                    rows.forEach(row -> values.add(new Value(row.getString(0), row.getString(1))));
                    return values;
                });
    }

    Future<Void> replace(SqlConnection connection, SealedColumn column, String key, Value value) {
        return connection
                .preparedQuery("UPDATE " + column.table() + " SET " + column.column() + " = $2 WHERE " + column.key()
                        + "::text = $1 AND " + column.column() + " = $3")
                .execute(Tuple.of(value.key(), key, value.sealed()))
                .mapEmpty();
    }
}
