package dev.sluice.control.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ForbiddenException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.version.VersionEntities;
import dev.sluice.control.version.VersionStore;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Services over HTTP. */
public final class ServiceApi {
    private static final IdOrName DEFAULT_GROUP = IdOrName.parse("default");

    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final VersionStore versions;
    private final ServiceStore services = new ServiceStore();
    private final AuditStore audit = new AuditStore();
    private final ServiceRequests requests = new ServiceRequests();

    public ServiceApi(
            Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners, VersionStore versions) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.owners = owners;
        this.versions = versions;
    }

    public void register(Operations operations) {
        operations
                .on("listServices", this::list)
                .on("createService", this::create)
                .on("getService", this::read)
                .on("replaceService", this::replace)
                .on("updateService", this::update)
                .on("deleteService", this::delete);
    }

    private record Put(UUID id, boolean created) {}

    private Future<Answer> list(Call call) {
        Page page = call.page();
        boolean withRequests = call.query("with") != null;
        return database.read(client -> services.page(
                        client, call.caller(), call.query("name"), call.query("search"), page)
                .compose(rows -> withRequests
                        ? requests.of(
                                        client,
                                        call.caller(),
                                        rows.stream().map(ServiceRow::id).toList())
                                .map(counted -> page.answer(rows, ServiceRow::key, row -> row.view()
                                        .<ObjectNode>set("requests", counted.view(row.id()))))
                        : Future.succeededFuture(page.answer(rows, ServiceRow::key, ServiceRow::view)))
                .map(Answer::ok));
    }

    private Future<Answer> read(Call call) {
        IdOrName path = path(call);
        return database.read(client -> services.find(client, call.caller(), path))
                .map(row -> Answer.ok(existing(row, path).view()).etag());
    }

    private Future<Answer> create(Call call) {
        ObjectNode body = call.body();
        UUID id = UUID.randomUUID();
        ObjectNode fields = complete(body);
        return writer.write(call.caller(), transaction -> services.insert(transaction.connection(), id, fields)
                        .compose(inserted -> {
                            transaction.changed(change(id, null, fields));
                            return body.has("version")
                                    ? insertVersion(transaction, call.caller(), id, body)
                                    : Future.succeededFuture();
                        }))
                .compose(done -> answer(call, new Put(id, true), done.heads()));
    }

    private Future<Void> insertVersion(ConfigTransaction transaction, Caller caller, UUID serviceId, ObjectNode body) {
        SqlConnection connection = transaction.connection();
        return owners.group(connection, caller, DEFAULT_GROUP).compose(groupId -> {
            if (groupId == null) {
                throw new ForbiddenException("A first version belongs to the runtime group 'default', in which you have"
                        + " no role; create the service without one, and then its versions where you may.");
            }
            UUID id = UUID.randomUUID();
            String service = body.path("name").asText();
            String name = body.path("version").asText();
            ObjectNode facts = ConfigJson.MAPPER
                    .createObjectNode()
                    .put("name", name)
                    .put("runtime_group", "default")
                    .put("service", service);
            transaction.changed(new AuditChange("version", id, service + "/" + name, null, facts));
            return transaction
                    .lock(List.of(groupId))
                    .compose(locked -> versions.insert(connection, id, serviceId, groupId, name));
        });
    }

    private Future<Answer> replace(Call call) {
        IdOrName path = path(call);
        return database.transaction(connection -> lock(connection, call, path)
                        .compose(row -> row == null
                                ? insertAt(connection, call, path)
                                : change(connection, row, call, complete(withName(call.body(), row.name())))))
                .compose(put -> answer(call, put, List.of()));
    }

    private Future<Answer> update(Call call) {
        IdOrName path = path(call);
        return database.transaction(connection -> lock(connection, call, path)
                        .map(row -> existing(row, path))
                        .compose(row -> change(connection, row, call, complete(call.patched(row.fields())))))
                .compose(put -> answer(call, put, List.of()));
    }

    /** A service that the caller may change, kept as it is until the transaction ends; null when he sees none. */
    private Future<@Nullable ServiceRow> lock(SqlConnection connection, Call call, IdOrName path) {
        return services.lock(connection, call.caller(), path)
                .compose(row -> row == null
                        ? Future.succeededFuture()
                        : owners.requireAll(connection, call.caller(), row.id()).map(row));
    }

    private Future<Put> insertAt(SqlConnection connection, Call call, IdOrName path) {
        return services.exists(connection, path)
                .compose(hidden ->
                        hidden ? Future.failedFuture(OwnerStore.noService(path)) : insertNew(connection, call, path));
    }

    private Future<Put> insertNew(SqlConnection connection, Call call, IdOrName path) {
        call.requireMatch(null);
        String name = path.name();
        if (name != null && !call.body().path("name").asText(name).equals(name)) {
            throw invalid("conflict", "is not '" + name + "', as the path says; leave it out or make them equal.");
        }
        UUID id = path.id() == null ? UUID.randomUUID() : path.id();
        ObjectNode fields = complete(withName(call.body(), name));
        return services.insert(connection, id, fields)
                .compose(inserted -> audit.wrote(connection, call.caller(), List.of(change(id, null, fields))))
                .map(written -> new Put(id, true));
    }

    private Future<Put> change(SqlConnection connection, ServiceRow row, Call call, ObjectNode fields) {
        call.requireMatch(Etag.of(row.view()));
        return services.update(connection, row.id(), fields)
                .compose(updated ->
                        audit.wrote(connection, call.caller(), List.of(change(row.id(), row.fields(), fields))))
                .map(written -> new Put(row.id(), false));
    }

    private Future<Answer> delete(Call call) {
        IdOrName path = path(call);
        return writer.write(call.caller(), transaction -> lock(transaction.connection(), call, path)
                        .map(row -> existing(row, path))
                        .compose(row -> {
                            call.requireMatch(Etag.of(row.view()));
                            transaction.describe("delete service " + row.name());
                            transaction.changed(change(row.id(), row.fields(), null));
                            return deleteVersions(transaction, call.caller(), row)
                                    .compose(gone -> services.delete(transaction.connection(), row.id()));
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Void> deleteVersions(ConfigTransaction transaction, Caller caller, ServiceRow row) {
        return owners.lockAll(transaction.connection(), caller, row.id()).compose(held -> {
            TreeSet<UUID> groups = new TreeSet<>();
            held.forEach(owner -> groups.add(owner.groupId()));
            Future<Void> done = groups.isEmpty() ? Future.succeededFuture() : transaction.lock(groups);
            for (Owner owner : held) {
                done = done.compose(before -> deleteVersion(transaction, owner));
            }
            return done;
        });
    }

    private Future<Void> deleteVersion(ConfigTransaction transaction, Owner owner) {
        return entities.ofVersion(transaction.connection(), owner.versionId(), null)
                .compose(held -> {
                    VersionEntities.stageRemoval(transaction, owner, held);
                    return versions.delete(transaction.connection(), owner.versionId());
                });
    }

    private Future<Answer> answer(Call call, Put put, List<Head> heads) {
        IdOrName id = new IdOrName(put.id(), put.id().toString());
        return database.read(client -> services.find(client, call.caller(), id)).map(row -> {
            ObjectNode view = existing(row, id).view();
            Answer answer = put.created() ? Answer.created(view, "/v1/services/" + put.id()) : Answer.ok(view);
            return answer.etag().wrote(heads);
        });
    }

    private static AuditChange change(UUID id, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode either = after == null ? Objects.requireNonNull(before) : after;
        return new AuditChange("service", id, either.path("name").asText(), before, after);
    }

    private static ObjectNode withName(ObjectNode body, @Nullable String name) {
        return body.has("name") || name == null ? body : body.deepCopy().put("name", name);
    }

    /** All fields that a row has; absent ones with their defaults. */
    private static ObjectNode complete(ObjectNode body) {
        if (!body.hasNonNull("name")) {
            throw invalid("required", "is required.");
        }
        ObjectNode fields = ConfigJson.MAPPER.createObjectNode();
        fields.set("name", body.get("name"));
        fields.put("description", body.path("description").asText(""));
        fields.set("labels", body.hasNonNull("labels") ? body.get("labels") : ConfigJson.MAPPER.createObjectNode());
        return fields;
    }

    private static InvalidConfigurationException invalid(String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation("name", code, message)));
    }

    private static ServiceRow existing(@Nullable ServiceRow row, IdOrName path) {
        if (row == null) {
            throw OwnerStore.noService(path);
        }
        return row;
    }

    private static IdOrName path(Call call) {
        return IdOrName.parse(call.path("service"));
    }
}
