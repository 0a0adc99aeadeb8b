package dev.sluice.control.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.Committed;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/** Creates, replaces, moves and deletes versions, with what they hold. */
final class VersionWrites {
    private static final String DEFAULT_GROUP = "default";

    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final VersionStore versions;

    VersionWrites(
            Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners, VersionStore versions) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.owners = owners;
        this.versions = versions;
    }

    private record Put(UUID id, boolean created) {}

    Future<Answer> create(Call call) {
        return writer.write(call.caller(), transaction -> insert(transaction, call, UUID.randomUUID(), call.body()))
                .compose(done -> answer(call, done));
    }

    Future<Answer> replace(Call call) {
        IdOrName path = IdOrName.parse(call.path("version"));
        return writer.write(call.caller(), transaction -> owners.lockIfThere(
                                transaction.connection(), call.caller(), IdOrName.parse(call.path("service")), path)
                        .compose(owner -> owner == null
                                ? insertAt(transaction, call, path)
                                : change(transaction, owner, call, complete(call.body(), owner))))
                .compose(done -> answer(call, done));
    }

    Future<Answer> update(Call call) {
        return writer.write(call.caller(), transaction -> lock(transaction, call)
                        .compose(owner -> change(transaction, owner, call, call.patched(VersionView.fields(owner)))))
                .compose(done -> answer(call, done));
    }

    Future<Answer> delete(Call call) {
        return writer.write(
                        call.caller(), transaction -> lock(transaction, call).compose(owner -> transaction
                                .lock(List.of(owner.groupId()))
                                .compose(locked -> held(transaction, owner))
                                .compose(held -> {
                                    call.requireMatch(Etag.of(VersionView.of(owner, held)));
                                    VersionEntities.stageRemoval(transaction, owner, held);
                                    transaction.describe("delete version " + owner.label());
                                    return versions.delete(transaction.connection(), owner.versionId());
                                })))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Put> insertAt(ConfigTransaction transaction, Call call, IdOrName path) {
        call.requireMatch(null);
        UUID id = path.id();
        ObjectNode fields = call.body().deepCopy();
        String name = path.name();
        if (name != null && !fields.path("name").asText(name).equals(name)) {
            throw invalid(
                    "name", "conflict", "is not '" + name + "', as the path says; leave it out or make them equal.");
        }
        if (name != null) {
            fields.put("name", name);
        }
        return insert(transaction, call, id == null ? UUID.randomUUID() : id, fields);
    }

    private Future<Put> insert(ConfigTransaction transaction, Call call, UUID id, ObjectNode fields) {
        String name = requiredName(fields);
        SqlConnection connection = transaction.connection();
        return owners.holdService(connection, call.caller(), IdOrName.parse(call.path("service")))
                .compose(serviceId -> group(connection, call, fields).compose(groupId -> transaction
                        .lock(List.of(groupId))
                        .compose(locked -> versions.insert(connection, id, serviceId, groupId, name))))
                .compose(inserted -> owners.byId(connection, call.caller(), List.of(id)))
                .map(byId -> {
                    transaction.changed(VersionView.change(null, byId.get(id)));
                    return new Put(id, true);
                });
    }

    /** Renames and moves, each where it differs from what is. */
    private Future<Put> change(ConfigTransaction transaction, Owner owner, Call call, ObjectNode fields) {
        String name = requiredName(fields);
        SqlConnection connection = transaction.connection();
        return group(connection, call, fields)
                .compose(groupId -> transaction
                        .lock(new TreeSet<>(List.of(owner.groupId(), groupId)))
                        .compose(locked -> held(transaction, owner))
                        .compose(held -> {
                            call.requireMatch(Etag.of(VersionView.of(owner, held)));
                            if (!groupId.equals(owner.groupId())) {
                                VersionEntities.stageMove(transaction, owner, groupId, held);
                                transaction.describe("move version " + owner.label() + " from runtime group "
                                        + owner.group() + " to "
                                        + fields.path("runtime_group").asText(DEFAULT_GROUP));
                            }
                            return versions.update(connection, owner.versionId(), name, groupId);
                        }))
                .compose(updated -> owners.byId(connection, call.caller(), List.of(owner.versionId())))
                .map(byId -> {
                    transaction.changed(VersionView.change(owner, byId.get(owner.versionId())));
                    return new Put(owner.versionId(), false);
                });
    }

    private Future<UUID> group(SqlConnection connection, Call call, ObjectNode fields) {
        IdOrName group = IdOrName.parse(fields.path("runtime_group").asText(DEFAULT_GROUP));
        return owners.group(connection, call.caller(), group).map(id -> {
            if (id == null) {
                throw invalid("runtime_group", "not_found", "There is no runtime group " + group + ".");
            }
            return id;
        });
    }

    private Future<Owner> lock(ConfigTransaction transaction, Call call) {
        return owners.lock(
                transaction.connection(),
                call.caller(),
                IdOrName.parse(call.path("service")),
                IdOrName.parse(call.path("version")));
    }

    private Future<List<StoredEntity>> held(ConfigTransaction transaction, Owner owner) {
        return entities.ofVersion(transaction.connection(), owner.versionId(), null);
    }

    private Future<Answer> answer(Call call, Committed<Put> done) {
        UUID id = done.value().id();
        return database.read(
                client -> owners.byId(client, call.caller(), List.of(id)).compose(byId -> {
                    Owner owner = byId.get(id);
                    if (owner == null) {
                        throw new NotFoundException("The version was stored, and deleted since.");
                    }
                    return entities.ofVersion(client, id, null).map(held -> {
                        ObjectNode view = VersionView.of(owner, held);
                        Answer answer = done.value().created() ? Answer.created(view, owner.path()) : Answer.ok(view);
                        return answer.etag().wrote(done.heads());
                    });
                }));
    }

    /** A replacement keeps the name where it gives none. */
    private static ObjectNode complete(ObjectNode body, Owner owner) {
        return body.has("name") ? body : body.deepCopy().put("name", owner.version());
    }

    private static String requiredName(ObjectNode fields) {
        if (!fields.hasNonNull("name")) {
            throw invalid("name", "required", "is required.");
        }
        return fields.path("name").asText();
    }

    private static InvalidConfigurationException invalid(String field, String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation(field, code, message)));
    }
}
