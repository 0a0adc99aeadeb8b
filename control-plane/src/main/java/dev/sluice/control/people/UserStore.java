package dev.sluice.control.people;

import dev.sluice.control.access.Grants;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.owner.IdOrName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of users. */
final class UserStore {
    private static final String SELECT = "SELECT u.id, u.name, u.disabled, u.created_at, u.updated_at, "
            + GrantStore.ofUser("u.id") + " AS grants FROM user_account u WHERE ";

    /** What a login is checked against. */
    record Credentials(UserRow user, String password) {}

    /** Fails with {@link NotFoundException}. */
    Future<UserRow> get(SqlClient client, IdOrName user) {
        return one(client, user, "");
    }

    /** As {@link #get}, kept as it is until the transaction ends. */
    Future<UserRow> lock(SqlConnection connection, IdOrName user) {
        return one(connection, user, " FOR UPDATE OF u");
    }

    /** Of the user of this name; null for none. */
    Future<@Nullable Credentials> credentials(SqlClient client, String name) {
        return client.preparedQuery(SELECT.replace("u.created_at,", "u.password, u.created_at,") + "u.name = $1")
                .execute(Tuple.of(name))
                .map(rows -> {
                    for (Row row : rows) {
                        return new Credentials(user(row), row.getString("password"));
                    }
                    return null;
                });
    }

    Future<List<UserRow>> page(SqlClient client, @Nullable String name, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return client.preparedQuery(SELECT + "($1::text IS NULL OR u.name = $1)"
                        + " AND ($2::timestamptz IS NULL OR (u.created_at, u.id) > ($2, $3::uuid))"
                        + " ORDER BY u.created_at, u.id LIMIT $4")
                .execute(Tuple.of(
                        name,
                        position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC),
                        position == null ? null : position.id(),
                        page.limit()))
                .map(rows -> {
                    List<UserRow> users = new ArrayList<>();
                    rows.forEach(row -> users.add(user(row)));
                    return users;
                });
    }

    /** @param password its hash */
    Future<Void> insert(
            SqlConnection connection, UUID id, String name, String password, boolean disabled, Grants grants) {
        return connection
                .preparedQuery("INSERT INTO user_account (id, name, password, disabled) VALUES ($1, $2, $3, $4)")
                .execute(Tuple.of(id, name, password, disabled))
                .compose(inserted -> GrantStore.insertOfUser(connection, id, grants));
    }

    /** @param password its hash; null to keep what there is */
    Future<Void> update(
            SqlConnection connection,
            UUID id,
            String name,
            @Nullable String password,
            boolean disabled,
            Grants grants) {
        return connection
                .preparedQuery("UPDATE user_account SET name = $2, password = coalesce($3, password), disabled = $4,"
                        + " updated_at = now(), row_version = row_version + 1 WHERE id = $1")
                .execute(Tuple.of(id, name, password, disabled))
                .compose(updated -> GrantStore.deleteOfUser(connection, id))
                .compose(deleted -> GrantStore.insertOfUser(connection, id, grants));
    }

    /** @param hash of the new password */
    Future<Void> setPassword(SqlConnection connection, UUID id, String hash) {
        return connection
                .preparedQuery("UPDATE user_account SET password = $2, updated_at = now(),"
                        + " row_version = row_version + 1 WHERE id = $1")
                .execute(Tuple.of(id, hash))
                .mapEmpty();
    }

    /** With grants, sessions and tokens. */
    Future<Void> delete(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("DELETE FROM user_account WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    private static Future<UserRow> one(SqlClient client, IdOrName user, String lock) {
        return client.preparedQuery(SELECT + "(u.id = $1 OR u.name = $2)" + lock)
                .execute(Tuple.of(user.id(), user.name()))
                .map(rows -> {
                    for (Row row : rows) {
                        return user(row);
                    }
                    throw new NotFoundException("There is no user " + user + ".");
                });
    }

    private static UserRow user(Row row) {
        return new UserRow(
                row.getUUID("id"),
                row.getString("name"),
                row.getBoolean("disabled"),
                GrantStore.read(row.getString("grants")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }
}
