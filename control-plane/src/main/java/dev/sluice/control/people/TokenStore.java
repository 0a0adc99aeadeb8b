package dev.sluice.control.people;

import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Role;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.owner.IdOrName;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of API tokens, of which only the SHA-256 is kept. Everybody finds his own; an administrator finds all. */
final class TokenStore {
    private static final String SELECT = "SELECT t.id, t.name, t.created_at, t.expires_at, t.last_used_at, t.user_id,"
            + " u.name AS user_name, " + GrantStore.ofToken("t.id") + " AS grants FROM api_token t"
            + " LEFT JOIN user_account u ON u.id = t.user_id WHERE ";
    private static final String OWN = "($1 OR t.user_id = $2 OR t.creator_id = $3 OR t.id = $3)";

    /** Fails with {@link NotFoundException}. */
    Future<TokenRow> get(SqlClient client, Principal caller, IdOrName token) {
        return client.preparedQuery(SELECT + OWN + " AND (t.id = $4 OR t.name = $5)")
                .execute(Tuple.of(mayAll(caller), ownerId(caller), caller.id(), token.id(), token.name()))
                .map(rows -> {
                    for (Row row : rows) {
                        return token(row);
                    }
                    throw new NotFoundException("There is no API token " + token + ".");
                });
    }

    Future<List<TokenRow>> page(SqlClient client, Principal caller, @Nullable String name, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return client.preparedQuery(SELECT + OWN + " AND ($4::text IS NULL OR t.name = $4)"
                        + " AND ($5::timestamptz IS NULL OR (t.created_at, t.id) > ($5, $6::uuid))"
                        + " ORDER BY t.created_at, t.id LIMIT $7")
                .execute(Tuple.tuple()
                        .addBoolean(mayAll(caller))
                        .addUUID(ownerId(caller))
                        .addUUID(caller.id())
                        .addString(name)
                        .addOffsetDateTime(
                                position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC))
                        .addUUID(position == null ? null : position.id())
                        .addInteger(page.limit()))
                .map(rows -> {
                    List<TokenRow> tokens = new ArrayList<>();
                    rows.forEach(row -> tokens.add(token(row)));
                    return tokens;
                });
    }

    /** Until when a caller's own token is valid; null for ever, and for callers that have none. */
    Future<@Nullable Instant> expiry(SqlClient client, Principal caller) {
        if (caller.kind() != Principal.Kind.TOKEN) {
            return Future.succeededFuture();
        }
        return client.preparedQuery("SELECT expires_at FROM api_token WHERE id = $1")
                .execute(Tuple.of(caller.id()))
                .map(rows -> {
                    for (Row row : rows) {
                        return instant(row.getOffsetDateTime("expires_at"));
                    }
                    return null;
                });
    }

    /** A caller's new token; the caller's user, if there is one, is the token's too. */
    Future<Void> insert(
            SqlConnection connection,
            UUID id,
            String name,
            byte[] sha256,
            Principal caller,
            @Nullable Instant expiresAt,
            Grants grants) {
        return connection
                .preparedQuery("INSERT INTO api_token (id, name, sha256, user_id, creator_id, expires_at)"
                        + " VALUES ($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        id,
                        name,
                        Buffer.buffer(sha256),
                        caller.userId(),
                        caller.id(),
                        expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC)))
                .compose(inserted -> GrantStore.insertOfToken(connection, id, grants));
    }

    /** Whose tokens are all one's own: a user's; a token of his rules over itself and what it made. */
    private static @Nullable UUID ownerId(Principal caller) {
        return caller.kind() == Principal.Kind.USER ? caller.userId() : null;
    }

    /** With its grants and sessions. */
    Future<Void> delete(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("DELETE FROM api_token WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /** Stores an administrator's token if there is neither token nor user yet; false when there is. */
    Future<Boolean> insertFirst(SqlConnection connection, String name, byte[] sha256) {
        return connection
                .preparedQuery("WITH made AS (INSERT INTO api_token (id, name, sha256) SELECT $1, $2, $3"
                        + " WHERE NOT EXISTS (SELECT FROM api_token) AND NOT EXISTS (SELECT FROM user_account)"
                        + " ON CONFLICT DO NOTHING RETURNING id)"
                        + " INSERT INTO role_grant (token_id, role) SELECT id, 'admin' FROM made")
                .execute(Tuple.of(UUID.randomUUID(), name, Buffer.buffer(sha256)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static boolean mayAll(Principal caller) {
        return caller.grants().everywhere(Role.ADMIN);
    }

    private static TokenRow token(Row row) {
        UUID userId = row.getUUID("user_id");
        return new TokenRow(
                row.getUUID("id"),
                row.getString("name"),
                userId == null ? null : new TokenRow.Reference(userId, row.getString("user_name")),
                GrantStore.read(row.getString("grants")),
                row.getOffsetDateTime("created_at").toInstant(),
                instant(row.getOffsetDateTime("expires_at")),
                instant(row.getOffsetDateTime("last_used_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
