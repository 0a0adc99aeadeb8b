package dev.sluice.control.enrolment;

import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.model.snapshot.Digest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of join tokens. */
final class JoinTokenStore {
    private static final String SELECT = "SELECT t.*, g.name AS group_name,"
            + " coalesce(t.expires_at <= clock_timestamp(), false) AS expired"
            + " FROM join_token t JOIN runtime_group g ON g.id = t.group_id";

    /**
     * A token as it is stored.
     *
     * @param expired by the database's clock
     * @param usesLeft null for any number
     */
    record Stored(
            String id,
            UUID groupId,
            String group,
            @Nullable String name,
            Digest secretHash,
            @Nullable Instant expiresAt,
            boolean expired,
            @Nullable Integer usesLeft,
            String createdBy,
            Instant createdAt,
            @Nullable Instant lastUsedAt,
            boolean revoked) {}

    /** What is to be stored of a new one. */
    record Fresh(
            String id,
            UUID groupId,
            @Nullable String name,
            Digest secretHash,
            @Nullable Long expiresInSeconds,
            @Nullable Integer uses,
            String createdBy) {}

    Future<@Nullable Stored> find(SqlClient client, String id) {
        return find(client, id, "");
    }

    /** As {@link #find}; nobody else uses it before the transaction ends. */
    Future<@Nullable Stored> lock(SqlConnection connection, String id) {
        return find(connection, id, " FOR UPDATE OF t");
    }

    private static Future<@Nullable Stored> find(SqlClient client, String id, String lock) {
        return client.preparedQuery(SELECT + " WHERE t.id = $1" + lock)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : stored(rows.iterator().next()));
    }

    /** Those of a group that are not revoked, the oldest first. */
    Future<List<Stored>> page(SqlClient client, UUID group, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return client.preparedQuery(SELECT + " WHERE t.group_id = $1 AND t.revoked_at IS NULL"
                        + " AND ($2::timestamptz IS NULL OR (t.created_at, t.id) > ($2, $3))"
                        + " ORDER BY t.created_at, t.id LIMIT $4")
                .execute(Tuple.of(
                        group,
                        position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC),
                        position == null ? null : hex(position.id()),
                        page.limit()))
                .map(JoinTokenStore::all);
    }

    /** A position holds a UUID; a token's id is its first half. */
    static UUID uuid(String id) {
        return new UUID(Long.parseUnsignedLong(id, 16), 0);
    }

    private static String hex(UUID id) {
        return String.format("%016x", id.getMostSignificantBits());
    }

    /** False when there is one of this id already. */
    Future<Boolean> insert(SqlConnection connection, Fresh token) {
        return connection
                .preparedQuery("INSERT INTO join_token (id, group_id, name, secret_sha256, expires_at, uses_left,"
                        + " created_by) VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 second', $6, $7)"
                        + " ON CONFLICT (id) DO NOTHING")
                .execute(Tuple.wrap(Arrays.<@Nullable Object>asList(
                        token.id(),
                        token.groupId(),
                        token.name(),
                        token.secretHash().hex(),
                        token.expiresInSeconds() == null
                                ? null
                                : token.expiresInSeconds().doubleValue(),
                        token.uses(),
                        token.createdBy())))
                .map(rows -> rows.rowCount() == 1);
    }

    /** False when there is no such token, or it is revoked already. */
    Future<Boolean> revoke(SqlConnection connection, UUID group, String id) {
        return connection
                .preparedQuery("UPDATE join_token SET revoked_at = clock_timestamp()"
                        + " WHERE id = $1 AND group_id = $2 AND revoked_at IS NULL")
                .execute(Tuple.of(id, group))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Whether this use is a new one: the same key and runtime count once. */
    Future<Boolean> use(SqlConnection connection, String id, String keyFingerprint, UUID runtime) {
        return connection
                .preparedQuery("INSERT INTO join_token_use (token_id, key_fingerprint, runtime_id)"
                        + " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .execute(Tuple.of(id, keyFingerprint, runtime))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<Void> count(SqlConnection connection, String id) {
        return connection
                .preparedQuery("UPDATE join_token SET uses_left = uses_left - 1, last_used_at = clock_timestamp()"
                        + " WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    private static List<Stored> all(RowSet<Row> rows) {
        List<Stored> tokens = new ArrayList<>();
        rows.forEach(row -> tokens.add(stored(row)));
        return tokens;
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.getString("id"),
                row.getUUID("group_id"),
                row.getString("group_name"),
                row.getString("name"),
                new Digest(row.getString("secret_sha256")),
                instant(row.getOffsetDateTime("expires_at")),
                row.getBoolean("expired"),
                row.getInteger("uses_left"),
                row.getString("created_by"),
                row.getOffsetDateTime("created_at").toInstant(),
                instant(row.getOffsetDateTime("last_used_at")),
                row.getOffsetDateTime("revoked_at") != null);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
