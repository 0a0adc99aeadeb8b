package dev.sluice.control.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
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
        return database.read(client -> services.page(client, call.query("name"), page))
                .map(rows -> Answer.ok(page.answer(rows, ServiceRow::key, ServiceRow::view)));
    }

    private Future<Answer> read(Call call) {
        IdOrName path = path(call);
        return database.read(client -> services.find(client, path))
                .map(row -> Answer.ok(existing(row, path).view()).etag());
    }

    private Future<Answer> create(Call call) {
        ObjectNode body = call.body();
        UUID id = UUID.randomUUID();
        return writer.write(call.author(), transaction -> services.insert(transaction.connection(), id, complete(body))
                        .compose(inserted -> body.has("version")
                                ? insertVersion(
                                        transaction, id, body.path("version").asText())
                                : Future.succeededFuture()))
                .compose(done -> answer(new Put(id, true), done.heads()));
    }

    private Future<Void> insertVersion(ConfigTransaction transaction, UUID serviceId, String name) {
        SqlConnection connection = transaction.connection();
        return owners.group(connection, DEFAULT_GROUP).compose(groupId -> {
            if (groupId == null) {
                throw new IllegalStateException("The migrations create the default runtime group");
            }
            return transaction
                    .lock(List.of(groupId))
                    .compose(locked -> versions.insert(connection, UUID.randomUUID(), serviceId, groupId, name));
        });
    }

    private Future<Answer> replace(Call call) {
        IdOrName path = path(call);
        return database.transaction(connection -> services.lock(connection, path)
                        .compose(row -> row == null
                                ? insertAt(connection, call, path)
                                : change(connection, row, call, complete(withName(call.body(), row.name())))))
                .compose(put -> answer(put, List.of()));
    }

    private Future<Answer> update(Call call) {
        IdOrName path = path(call);
        return database.transaction(connection -> services.lock(connection, path)
                        .map(row -> existing(row, path))
                        .compose(row -> change(connection, row, call, complete(call.patched(row.fields())))))
                .compose(put -> answer(put, List.of()));
    }

    private Future<Put> insertAt(SqlConnection connection, Call call, IdOrName path) {
        call.requireMatch(null);
        String name = path.name();
        if (name != null && !call.body().path("name").asText(name).equals(name)) {
            throw invalid("conflict", "is not '" + name + "', as the path says; leave it out or make them equal.");
        }
        UUID id = path.id() == null ? UUID.randomUUID() : path.id();
        return services.insert(connection, id, complete(withName(call.body(), name)))
                .map(inserted -> new Put(id, true));
    }

    private Future<Put> change(SqlConnection connection, ServiceRow row, Call call, ObjectNode fields) {
        call.requireMatch(Etag.of(row.view()));
        return services.update(connection, row.id(), fields).map(updated -> new Put(row.id(), false));
    }

    private Future<Answer> delete(Call call) {
        IdOrName path = path(call);
        return writer.write(call.author(), transaction -> services.lock(transaction.connection(), path)
                        .map(row -> existing(row, path))
                        .compose(row -> {
                            call.requireMatch(Etag.of(row.view()));
                            transaction.describe("delete service " + row.name());
                            return deleteVersions(transaction, row)
                                    .compose(gone -> services.delete(transaction.connection(), row.id()));
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Void> deleteVersions(ConfigTransaction transaction, ServiceRow row) {
        return owners.lockAll(transaction.connection(), row.id()).compose(held -> {
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

    private Future<Answer> answer(Put put, List<Head> heads) {
        IdOrName id = new IdOrName(put.id(), put.id().toString());
        return database.read(client -> services.find(client, id)).map(row -> {
            ObjectNode view = existing(row, id).view();
            Answer answer = put.created() ? Answer.created(view, "/v1/services/" + put.id()) : Answer.ok(view);
            return answer.etag().wrote(heads);
        });
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
