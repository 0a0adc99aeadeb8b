package dev.sluice.control.http;

import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tokens of the REST API, of which only the SHA-256 is kept. */
final class TokenStore {
    private final Database database;

    TokenStore(Database database) {
        this.database = database;
    }

    /** Name of the token with this hash, or null. */
    Future<@Nullable String> name(byte[] sha256) {
        return database.read(connection -> connection
                .preparedQuery("SELECT name FROM api_token WHERE sha256 = $1")
                .execute(Tuple.of(Buffer.buffer(sha256)))
                .map(rows -> {
                    for (Row row : rows) {
                        return row.getString("name");
                    }
                    return null;
                }));
    }

    /** Stores a token if there is none at all yet; false when there is. */
    Future<Boolean> insertFirst(String name, byte[] sha256) {
        return database.transaction(connection -> connection
                .preparedQuery("INSERT INTO api_token (id, name, sha256) SELECT $1, $2, $3"
                        + " WHERE NOT EXISTS (SELECT FROM api_token) ON CONFLICT DO NOTHING")
                .execute(Tuple.of(UUID.randomUUID(), name, Buffer.buffer(sha256)))
                .map(rows -> rows.rowCount() == 1));
    }
}
