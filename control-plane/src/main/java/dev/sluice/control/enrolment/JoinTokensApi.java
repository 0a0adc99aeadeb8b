package dev.sluice.control.enrolment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.JoinTokenStore.Fresh;
import dev.sluice.control.enrolment.JoinTokenStore.Stored;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.group.RuntimeGroup;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.trust.JoinToken;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Join tokens over REST. The secret is in the answer that makes a token, and nowhere else. */
public final class JoinTokensApi {
    private static final long DAY_SECONDS = 86_400;

    private final Database database;
    private final PlaneTrust trust;
    private final JoinTokenStore store = new JoinTokenStore();
    private final GroupStore groups = new GroupStore();
    private final AuditStore audit = new AuditStore();

    public JoinTokensApi(Database database, PlaneTrust trust) {
        this.database = database;
        this.trust = trust;
    }

    public void register(Operations operations) {
        operations
                .on("listJoinTokens", this::list)
                .on("createJoinToken", this::create)
                .on("deleteJoinToken", this::delete);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(connection -> groups.get(connection, call.caller(), call.path("group"))
                        .compose(group -> store.page(connection, group.id(), page)))
                .map(tokens -> Answer.ok(page.answer(tokens, JoinTokensApi::key, JoinTokensApi::view)));
    }

    private Future<Answer> create(Call call) {
        ObjectNode body = call.body();
        JoinToken token = JoinToken.random(trust.authorities().api().digest());
        return database.transaction(connection -> groups.get(connection, call.caller(), call.path("group"))
                        .compose(group -> store.insert(
                                connection,
                                fresh(token, group, body, call.caller().name())))
                        .compose(made -> store.find(connection, token.id()))
                        .map(Objects::requireNonNull)
                        .compose(stored -> audit.wrote(connection, call.caller(), List.of(change(stored, true)))
                                .map(stored)))
                .map(stored -> created(token, stored));
    }

    private static Fresh fresh(JoinToken token, RuntimeGroup group, ObjectNode body, String author) {
        JsonNode uses = body.path("uses");
        return new Fresh(
                token.id(),
                group.id(),
                body.path("name").isTextual() ? body.path("name").asText() : null,
                token.secretHash(),
                body.path("expires_in").asLong(DAY_SECONDS),
                uses.isNull() ? null : Integer.valueOf(uses.asInt(1)),
                author);
    }

    private Answer created(JoinToken token, Stored stored) {
        ObjectNode view = view(stored).put("token", token.text()).put("command", command(token));
        return Answer.created(view, "/v1/runtime-groups/" + stored.group() + "/tokens/" + stored.id());
    }

    /** What starts a runtime that joins with this token. */
    private String command(JoinToken token) {
        List<String> planes = trust.documents().controlPlanes();
        return "SLUICE_CONTROL_PLANES=" + String.join(",", planes) + " SLUICE_JOIN_TOKEN=" + token.text()
                + " java -jar data-plane.jar";
    }

    private Future<Answer> delete(Call call) {
        String id = call.path("token");
        return database.transaction(connection -> groups.get(connection, call.caller(), call.path("group"))
                        .compose(group -> store.revoke(connection, group.id(), id))
                        .compose(revoked -> {
                            if (!revoked) {
                                throw new NotFoundException(
                                        "There is no join token '" + id + "' in this runtime group.");
                            }
                            return store.find(connection, id);
                        })
                        .map(Objects::requireNonNull)
                        .compose(stored -> audit.wrote(connection, call.caller(), List.of(change(stored, false)))))
                .map(Answer.noContent());
    }

    /** For the audit trail; the id has no form that its column takes, so it stands among the facts. */
    private static AuditChange change(Stored token, boolean made) {
        ObjectNode facts = view(token);
        facts.remove(List.of("uses_left", "last_used_at"));
        return new AuditChange("join_token", null, token.name(), made ? null : facts, made ? facts : null);
    }

    private static String key(Stored token) {
        return new Position(token.createdAt(), JoinTokenStore.uuid(token.id())).key();
    }

    private static ObjectNode view(Stored token) {
        return ConfigJson.MAPPER
                .createObjectNode()
                .put("id", token.id())
                .put("name", token.name())
                .put("group", token.group())
                .put("expires_at", text(token.expiresAt()))
                .put("uses_left", token.usesLeft())
                .put("created_by", token.createdBy())
                .put("created_at", token.createdAt().toString())
                .put("last_used_at", text(token.lastUsedAt()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
