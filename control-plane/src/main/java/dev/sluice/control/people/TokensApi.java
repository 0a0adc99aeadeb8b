package dev.sluice.control.people;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Role;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ForbiddenException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API tokens over HTTP. */
final class TokensApi {
    private final Database database;
    private final Administrators administrators;
    private final TokenStore tokens = new TokenStore();
    private final AuditStore audit = new AuditStore();

    TokensApi(Database database, Administrators administrators) {
        this.database = database;
        this.administrators = administrators;
    }

    void register(Operations operations) {
        operations
                .on("listTokens", this::list)
                .on("createToken", this::create)
                .on("getToken", this::read)
                .on("deleteToken", this::delete);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(client -> tokens.page(client, principal(call), call.query("name"), page))
                .map(rows -> Answer.ok(page.answer(rows, TokenRow::key, TokenRow::view)));
    }

    private Future<Answer> read(Call call) {
        return database.read(client -> tokens.get(client, principal(call), path(call)))
                .map(token -> Answer.ok(token.view()));
    }

    private Future<Answer> create(Call call) {
        String token = Tokens.PREFIX + Secret.make();
        UUID id = UUID.randomUUID();
        return database.transaction(connection -> grants(connection, call)
                        .compose(grants -> expiry(connection, call)
                                .compose(expiresAt -> tokens.insert(
                                        connection,
                                        id,
                                        call.body().path("name").asText(),
                                        Secret.sha256(token),
                                        principal(call),
                                        expiresAt,
                                        grants)))
                        .compose(inserted -> tokens.get(connection, principal(call), byId(id)))
                        .compose(row -> audit.wrote(
                                        connection,
                                        call.caller(),
                                        List.of(new AuditChange("token", id, row.name(), null, row.facts())))
                                .map(row)))
                .map(row -> Answer.created(row.view().put("token", token), "/v1/tokens/" + id));
    }

    private Future<Answer> delete(Call call) {
        return database.transaction(connection -> tokens.get(connection, principal(call), path(call))
                .compose(row -> tokens.delete(connection, row.id())
                        .compose(deleted -> administrators.requireOne(connection))
                        .compose(left -> audit.wrote(
                                connection,
                                call.caller(),
                                List.of(new AuditChange("token", row.id(), row.name(), row.facts(), null)))))
                .map(Answer.noContent()));
    }

    /** No more than the caller has. */
    private static Future<Grants> grants(SqlConnection connection, Call call) {
        Grants own = principal(call).grants();
        return GrantStore.resolve(connection, call.body().path("grants"), own.groups(Role.VIEWER))
                .map(grants -> {
                    if (!own.covers(grants)) {
                        throw new ForbiddenException("A token can have no role that you have not yourself.");
                    }
                    return grants;
                });
    }

    /** No later than that of the token that the caller shows. */
    private Future<@Nullable Instant> expiry(SqlConnection connection, Call call) {
        JsonNode sent = call.body().path("expires_at");
        Instant wanted = sent.isTextual() ? instant(sent.asText()) : null;
        return tokens.expiry(connection, principal(call)).map(own -> {
            if (own != null && (wanted == null || wanted.isAfter(own))) {
                throw invalid("must not be later than your own token's, " + own + ".");
            }
            return wanted;
        });
    }

    private static Instant instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (!instant.isAfter(Instant.now())) {
                throw invalid("must lie in the future.");
            }
            if (instant.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
                throw invalid("must lie before the year 10000.");
            }
            return instant;
        } catch (DateTimeException e) {
            throw invalid("must be a time such as 2030-01-31T12:00:00Z.");
        }
    }

    private static InvalidConfigurationException invalid(String message) {
        return new InvalidConfigurationException(List.of(new Violation("expires_at", "range", message)));
    }

    private static Principal principal(Call call) {
        return call.caller().principal();
    }

    private static IdOrName path(Call call) {
        return IdOrName.parse(call.path("token"));
    }

    private static IdOrName byId(UUID id) {
        return new IdOrName(id, id.toString());
    }
}
