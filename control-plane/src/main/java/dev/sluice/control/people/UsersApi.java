package dev.sluice.control.people;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Grants;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ForbiddenException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Users over HTTP. */
final class UsersApi {
    private final Database database;
    private final Passwords passwords;
    private final Administrators administrators;
    private final UserStore users = new UserStore();
    private final SessionStore sessions = new SessionStore();
    private final AuditStore audit = new AuditStore();

    UsersApi(Database database, Passwords passwords, Administrators administrators) {
        this.database = database;
        this.passwords = passwords;
        this.administrators = administrators;
    }

    void register(Operations operations) {
        operations
                .on("listUsers", this::list)
                .on("createUser", this::create)
                .on("getUser", this::read)
                .on("updateUser", this::update)
                .on("deleteUser", this::delete);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(client -> users.page(client, call.query("name"), page))
                .map(rows -> Answer.ok(page.answer(rows, UserRow::key, UserRow::view)));
    }

    private Future<Answer> read(Call call) {
        return database.read(client -> users.get(client, path(call)))
                .map(user -> Answer.ok(user.view()).etag());
    }

    private Future<Answer> create(Call call) {
        ObjectNode body = call.body();
        UUID id = UUID.randomUUID();
        return passwords
                .hash(body.path("password").asText())
                .compose(hash -> database.transaction(connection -> grants(connection, call.caller(), body)
                        .compose(grants -> users.insert(
                                connection,
                                id,
                                body.path("name").asText(),
                                hash,
                                body.path("disabled").asBoolean(),
                                grants))
                        .compose(inserted -> users.get(connection, byId(id)))
                        .compose(user -> wrote(connection, call, null, user, true))))
                .map(user ->
                        Answer.created(user.view(), "/v1/users/" + user.id()).etag());
    }

    private Future<Answer> update(Call call) {
        String password = call.body().path("password").asText(null);
        Future<@Nullable String> hashed = password == null ? Future.succeededFuture() : passwords.hash(password);
        return hashed.compose(hash -> database.transaction(connection ->
                        users.lock(connection, path(call)).compose(before -> change(connection, call, before, hash))))
                .map(user -> Answer.ok(user.view()).etag());
    }

    private Future<UserRow> change(SqlConnection connection, Call call, UserRow before, @Nullable String hash) {
        call.requireMatch(Etag.of(before.view()));
        ObjectNode fields = call.patched(before.fields());
        if (!fields.hasNonNull("name")) {
            throw new InvalidConfigurationException(List.of(new Violation("name", "required", "is required.")));
        }
        boolean disabled = fields.path("disabled").asBoolean();
        return grants(connection, call.caller(), fields)
                .compose(grants -> users.update(
                                connection, before.id(), fields.path("name").asText(), hash, disabled, grants)
                        .compose(updated -> {
                            boolean other =
                                    hash != null || disabled != before.disabled() || !grants.equals(before.grants());
                            return other ? sessions.endOfUser(connection, before.id(), null) : Future.succeededFuture();
                        }))
                .compose(done -> administrators.requireOne(connection))
                .compose(done -> users.get(connection, byId(before.id())))
                .compose(after -> wrote(connection, call, before, after, hash != null));
    }

    private Future<Answer> delete(Call call) {
        return database.transaction(connection -> users.lock(connection, path(call))
                .compose(user -> {
                    call.requireMatch(Etag.of(user.view()));
                    AuditChange change = new AuditChange("user", user.id(), user.name(), user.fields(), null);
                    return users.delete(connection, user.id())
                            .compose(deleted -> administrators.requireOne(connection))
                            .compose(left -> audit.wrote(connection, call.caller(), List.of(change)));
                })
                .map(Answer.noContent()));
    }

    /** Nobody grants more than he has. */
    private static Future<Grants> grants(SqlConnection connection, Caller caller, ObjectNode fields) {
        return GrantStore.resolve(connection, fields.path("grants"), caller.visibleGroups())
                .map(grants -> {
                    if (!caller.principal().grants().covers(grants)) {
                        throw new ForbiddenException("Nobody can grant more than he may himself.");
                    }
                    return grants;
                });
    }

    /** The password stands there as changed or not. */
    private Future<UserRow> wrote(
            SqlConnection connection, Call call, @Nullable UserRow before, UserRow after, boolean newPassword) {
        ObjectNode was = before == null ? null : before.fields().put("password", "as it was");
        ObjectNode is = after.fields().put("password", newPassword ? "another" : "as it was");
        AuditChange change = new AuditChange("user", after.id(), after.name(), was, is);
        return audit.wrote(connection, call.caller(), List.of(change)).map(after);
    }

    private static IdOrName path(Call call) {
        return IdOrName.parse(call.path("user"));
    }

    private static IdOrName byId(UUID id) {
        return new IdOrName(id, id.toString());
    }
}
