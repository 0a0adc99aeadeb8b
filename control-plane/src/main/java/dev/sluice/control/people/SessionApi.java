package dev.sluice.control.people;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Principal.Kind;
import dev.sluice.control.access.Principal.OpenSession;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.RefusedRequestException;
import dev.sluice.control.http.SessionCookie;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logging in and out, and what one is then. */
final class SessionApi {
    private final Database database;
    private final Login login;
    private final Tokens tokens;
    private final SessionStore sessions = new SessionStore();
    private final UserStore users = new UserStore();
    private final AuditStore audit = new AuditStore();

    SessionApi(Database database, Login login, Tokens tokens) {
        this.database = database;
        this.login = login;
        this.tokens = tokens;
    }

    void register(Operations operations) {
        operations
                .on("createSession", this::create)
                .on("getSession", this::read)
                .on("deleteSession", this::delete)
                .on("changePassword", this::changePassword);
    }

    private Future<Answer> create(Call call) {
        if (!call.isOfThisSite()) {
            return Future.failedFuture(
                    new RefusedRequestException(403, "Nobody logs in here from the page of another site."));
        }
        ObjectNode body = call.body();
        String token = body.path("token").asText(null);
        String user = body.path("user").asText(null);
        String password = body.path("password").asText(null);
        check(user, password, token);
        String address = call.caller().request().address();
        Future<Principal> known = token != null
                ? login.withToken(token, address)
                : login.withPassword(
                        Objects.requireNonNull(user), Objects.requireNonNull(password), address, call::claims);
        return known.compose(holder -> begin(call, holder));
    }

    private Future<Answer> begin(Call call, Principal holder) {
        String id = Secret.make();
        OpenSession open = new OpenSession(UUID.randomUUID(), Secret.csrfToken(id));
        byte[] proof = holder.kind() == Kind.SETTING ? tokens.settingProof(id) : null;
        String former = SessionCookie.of(call.web());
        return database.transaction(connection -> end(connection, former)
                        .compose(ended -> sessions.begin(connection, open.id(), id, holder, proof))
                        .compose(expiresAt -> audit.wrote(
                                        connection, call.caller().as(holder), List.of(session(open, holder, true)))
                                .map(expiresAt)))
                .map(expiresAt -> {
                    ObjectNode view = view(holder.within(open, expiresAt));
                    return Answer.created(view, "/v1/session")
                            .header("Set-Cookie", SessionCookie.begin(call.web(), id));
                });
    }

    private Future<Answer> read(Call call) {
        return Future.succeededFuture(Answer.ok(view(call.caller().principal())));
    }

    private Future<Answer> delete(Call call) {
        Principal principal = call.caller().principal();
        OpenSession open = principal.session();
        if (open == null) {
            return Future.succeededFuture(Answer.noContent());
        }
        return database.transaction(connection -> end(connection, SessionCookie.of(call.web()))
                .compose(ended -> audit.wrote(connection, call.caller(), List.of(session(open, principal, false))))
                .map(written -> Answer.noContent().header("Set-Cookie", SessionCookie.end(call.web()))));
    }

    private Future<Answer> changePassword(Call call) {
        Principal principal = call.caller().principal();
        OpenSession open = principal.session();
        UUID id = principal.id();
        if (!principal.isUser() || open == null || id == null) {
            return Future.failedFuture(
                    new ConflictException("Only a user who has logged in with a password can change it."));
        }
        String present = call.body().path("password").asText();
        String next = call.body().path("new_password").asText();
        return login.change(call.caller(), present, next)
                .compose(hash -> database.transaction(connection -> users.setPassword(connection, id, hash)
                        .compose(set -> sessions.endOfUser(connection, id, open.id()))
                        .compose(ended -> audit.wrote(connection, call.caller(), List.of(newPassword(principal))))))
                .map(done -> Answer.noContent());
    }

    private Future<Void> end(SqlConnection connection, @Nullable String id) {
        return id == null ? Future.succeededFuture() : sessions.end(connection, id);
    }

    private static AuditChange session(OpenSession open, Principal holder, boolean begins) {
        ObjectNode facts =
                ConfigJson.MAPPER.createObjectNode().put("of", holder.kind().wireName());
        return new AuditChange("session", open.id(), holder.name(), begins ? null : facts, begins ? facts : null);
    }

    private static AuditChange newPassword(Principal user) {
        ObjectNode before = ConfigJson.MAPPER.createObjectNode().put("password", "as it was");
        ObjectNode after = ConfigJson.MAPPER.createObjectNode().put("password", "another");
        return new AuditChange("user", user.id(), user.name(), before, after);
    }

    private static ObjectNode view(Principal principal) {
        OpenSession open = principal.session();
        Instant expiresAt = principal.expiresAt();
        UUID id = principal.id();
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.putObject("who")
                .put("kind", principal.kind().wireName())
                .put("id", id == null ? null : id.toString())
                .put("name", principal.name());
        view.set("grants", GrantStore.view(principal.grants()));
        return view.put("csrf_token", open == null ? null : open.csrfToken())
                .put("expires_at", expiresAt == null ? null : expiresAt.toString());
    }

    private static void check(@Nullable String user, @Nullable String password, @Nullable String token) {
        List<Violation> violations = new ArrayList<>();
        if (token == null) {
            if (user == null) {
                violations.add(new Violation("user", "required", "is required, unless a token is sent."));
            }
            if (password == null) {
                violations.add(new Violation("password", "required", "is required, unless a token is sent."));
            }
        } else if (user != null || password != null) {
            violations.add(
                    new Violation("token", "conflict", "goes with neither user nor password; send one of both."));
        }
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
    }
}
