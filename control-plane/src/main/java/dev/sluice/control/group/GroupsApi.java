package dev.sluice.control.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.UUID;

/** Runtime groups over REST. */
public final class GroupsApi {
    private final Database database;
    private final GroupStore store;

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
        return database.read(connection -> store.page(connection, call.query("name"), call.page()))
                .map(groups -> Answer.ok(call.page()
                        .answer(groups, group -> new Position(group.createdAt(), group.id()).key(), GroupsApi::json)));
    }

    private Future<Answer> create(Call call) {
        GroupFields fields = GroupRules.read(call.body(), null);
        return database.transaction(connection -> insert(connection, UUID.randomUUID(), fields));
    }

    private Future<Answer> get(Call call) {
        return database.read(connection -> store.get(connection, call.path("group")))
                .map(GroupsApi::present);
    }

    private Future<Answer> replace(Call call) {
        String idOrName = call.path("group");
        return database.transaction(
                connection -> store.findAndLock(connection, idOrName).compose(group -> {
                    if (group != null) {
                        return update(connection, call, group, GroupRules.read(call.body(), group.name()));
                    }
                    call.requireMatch(null);
                    return createAt(connection, idOrName, call.body());
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
                    .compose(versions -> store.certificates(connection, group.id())
                            .compose(certificates -> {
                                GroupRules.checkDelete(group, versions, certificates);
                                return store.delete(connection, group.id());
                            }))
                    .map(Answer.noContent());
        }));
    }

    private Future<Answer> createAt(SqlConnection connection, String idOrName, ObjectNode body) {
        UUID id = GroupStore.uuid(idOrName);
        if (id != null) {
            return insert(connection, id, GroupRules.read(body, null));
        }
        GroupFields fields = GroupRules.read(body, idOrName);
        if (!fields.name().equals(idOrName)) {
            throw new ConflictException("The path names the runtime group '" + idOrName + "' and the body '"
                    + fields.name() + "'; there is no such group to be renamed.");
        }
        return insert(connection, UUID.randomUUID(), fields);
    }

    private Future<Answer> insert(SqlConnection connection, UUID id, GroupFields fields) {
        return store.insert(connection, id, fields)
                .compose(made -> store.get(connection, id.toString()))
                .map(group ->
                        Answer.created(json(group), "/v1/runtime-groups/" + id).etag(Etag.of(json(group))));
    }

    private Future<Answer> update(SqlConnection connection, Call call, RuntimeGroup group, GroupFields fields) {
        call.requireMatch(Etag.of(json(group)));
        GroupRules.checkRename(group, fields);
        if (fields.equals(group.fields())) {
            return Future.succeededFuture(present(group));
        }
        return store.update(connection, group.id(), fields)
                .compose(done -> store.get(connection, group.id().toString()))
                .map(GroupsApi::present);
    }

    private Future<RuntimeGroup> locked(SqlConnection connection, Call call) {
        String idOrName = call.path("group");
        return store.findAndLock(connection, idOrName).map(group -> {
            if (group == null) {
                throw new NotFoundException("There is no runtime group '" + idOrName + "'.");
            }
            return group;
        });
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
