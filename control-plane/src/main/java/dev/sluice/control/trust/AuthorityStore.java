package dev.sluice.control.trust;

import dev.sluice.control.seal.SealedColumn;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Rows of authorities. */
final class AuthorityStore {
    static final SealedColumn COLUMN = new SealedColumn("authority", "purpose", "sealed_key", "authority");
    private static final long LOCK = 0xCA;

    record Stored(String certificate, String sealedKey) {}

    /** One control plane at a time, until the transaction ends. */
    Future<Void> lock(SqlConnection connection) {
        return connection
                .query("SELECT pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .mapEmpty();
    }

    Future<@Nullable Stored> find(SqlConnection connection, String purpose) {
        return connection
                .preparedQuery("SELECT certificate, sealed_key FROM authority WHERE purpose = $1")
                .execute(Tuple.of(purpose))
                .map(rows -> {
                    for (Row row : rows) {
                        return new Stored(row.getString("certificate"), row.getString("sealed_key"));
                    }
                    return null;
                });
    }

    Future<Void> insert(SqlConnection connection, String purpose, Stored stored) {
        return connection
                .preparedQuery("INSERT INTO authority (purpose, certificate, sealed_key) VALUES ($1, $2, $3)")
                .execute(Tuple.of(purpose, stored.certificate(), stored.sealedKey()))
                .mapEmpty();
    }
}
