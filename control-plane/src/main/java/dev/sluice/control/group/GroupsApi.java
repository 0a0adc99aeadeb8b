package dev.sluice.control.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.group.RuntimeGroup.GroupFields;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Position;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runtime groups over REST. */
public final class GroupsApi {
    private final Database database;
    private final GroupStore store;
    private final AuditStore audit = new AuditStore();

    public GroupsApi(Database database, GroupStore store) {
        this.database = database;
        this.store = store;
    }

    public void register(Operations operations) {
        operations
                .on("listRuntimeGroups", this::list)
                .on("createRuntimeGroup", this::create)
                .on("getRuntimeGroup", this::get)
                .on("replaceRuntimeGroup", this::replace)
                .on("updateRuntimeGroup", this::update)
                .on("deleteRuntimeGroup", this::delete);
    }

    private Future<Answer> list(Call call) {
        return database.read(connection -> store.page(connection, call.caller(), call.query("name"), call.page()))
                .map(groups -> Answer.ok(call.page()
                        .answer(groups, group -> new Position(group.createdAt(), group.id()).key(), GroupsApi::json)));
    }

    private Future<Answer> create(Call call) {
        GroupFields fields = GroupRules.read(call.body(), null);
        return database.transaction(connection -> insert(connection, call, UUID.randomUUID(), fields));
    }

    private Future<Answer> get(Call call) {
        return database.read(connection -> store.get(connection, call.caller(), call.path("group")))
                .map(GroupsApi::present);
    }

    private Future<Answer> replace(Call call) {
        String idOrName = call.path("group");
        return database.transaction(connection -> store.findAndLock(connection, call.caller(), idOrName)
                .compose(group -> {
                    if (group != null) {
                        return update(connection, call, group, GroupRules.read(call.body(), group.name()));
                    }
                    if (!call.caller().mayEverywhere()) {
                        throw noGroup(idOrName); // one that he does not see could not be created either
                    }
                    call.requireMatch(null);
                    return createAt(connection, call, idOrName);
                }));
    }

    private Future<Answer> update(Call call) {
        return database.transaction(connection -> locked(connection, call).compose(group -> {
            GroupFields fields = GroupRules.read(call.patched(fieldsOf(group)), group.name());
            return update(connection, call, group, fields);
        }));
    }

    private Future<Answer> delete(Call call) {
        return database.transaction(connection -> locked(connection, call).compose(group -> {
            call.requireMatch(Etag.of(json(group)));
            return store.versions(connection, group.id())
                    .compose(
                            versions -> store.belongings(connection, group.id()).compose(belongings -> {
                                GroupRules.checkDelete(group, versions, belongings);
                                return store.delete(connection, group.id());
                            }))
                    .compose(deleted -> audit.wrote(connection, call.caller(), List.of(change(group, null))))
                    .map(Answer.noContent());
        }));
    }

    private Future<Answer> createAt(SqlConnection connection, Call call, String idOrName) {
        ObjectNode body = call.body();
        UUID id = GroupStore.uuid(idOrName);
        if (id != null) {
            return insert(connection, call, id, GroupRules.read(body, null));
        }
        GroupFields fields = GroupRules.read(body, idOrName);
        if (!fields.name().equals(idOrName)) {
            throw new ConflictException("The path names the runtime group '" + idOrName + "' and the body '"
                    + fields.name() + "'; there is no such group to be renamed.");
        }
        return insert(connection, call, UUID.randomUUID(), fields);
    }

    private Future<Answer> insert(SqlConnection connection, Call call, UUID id, GroupFields fields) {
        return store.insert(connection, id, fields)
                .compose(made -> store.get(connection, call.caller(), id.toString()))
                .compose(group -> audit.wrote(connection, call.caller(), List.of(change(null, group)))
                        .map(group))
                .map(group ->
                        Answer.created(json(group), "/v1/runtime-groups/" + id).etag(Etag.of(json(group))));
    }

    private Future<Answer> update(SqlConnection connection, Call call, RuntimeGroup group, GroupFields fields) {
        call.requireMatch(Etag.of(json(group)));
        GroupRules.checkRename(group, fields);
        Future<Void> done =
                fields.equals(group.fields()) ? Future.succeededFuture() : store.update(connection, group.id(), fields);
        return done.compose(updated ->
                        store.get(connection, call.caller(), group.id().toString()))
                .compose(after -> audit.wrote(connection, call.caller(), List.of(change(group, after)))
                        .map(after))
                .map(GroupsApi::present);
    }

    private Future<RuntimeGroup> locked(SqlConnection connection, Call call) {
        String idOrName = call.path("group");
        return store.findAndLock(connection, call.caller(), idOrName).map(group -> {
            if (group == null) {
                throw noGroup(idOrName);
            }
            return group;
        });
    }

    private static NotFoundException noGroup(String idOrName) {
        return new NotFoundException("There is no runtime group '" + idOrName + "'.");
    }

    private static AuditChange change(@Nullable RuntimeGroup before, @Nullable RuntimeGroup after) {
        RuntimeGroup either = after == null ? Objects.requireNonNull(before) : after;
        return new AuditChange(
                "runtime_group",
                either.id(),
                either.name(),
                before == null ? null : fieldsOf(before),
                after == null ? null : fieldsOf(after));
    }

    private static Answer present(RuntimeGroup group) {
        ObjectNode json = json(group);
        return Answer.ok(json).etag(Etag.of(json));
    }

    private static ObjectNode json(RuntimeGroup group) {
        ObjectNode json =
                ConfigJson.MAPPER.createObjectNode().put("id", group.id().toString());
        json.setAll(fieldsOf(group));
        json.put("created_at", group.createdAt().toString());
        json.put("updated_at", group.updatedAt().toString());
        json.putObject("head")
                .put("epoch", group.head().revision().epoch())
                .put("revision", group.head().revision().number())
                .put("digest", group.head().digest())
                .put("changed_at", group.head().changedAt().toString());
        return json;
    }

    private static ObjectNode fieldsOf(RuntimeGroup group) {
        GroupFields fields = group.fields();
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("name", fields.name())
                .put("description", fields.description());
        json.set("labels", ConfigJson.MAPPER.valueToTree(fields.labels()));
        return json.put("proxy_url", fields.proxyUrl());
    }
}
