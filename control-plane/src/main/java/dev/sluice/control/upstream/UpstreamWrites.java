package dev.sluice.control.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.revision.Committed;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.upstream.UpstreamFinder.Locked;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Target;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Creates, replaces, changes and deletes upstreams: each one transaction under the lock of the group. */
final class UpstreamWrites {
    private static final String DEFAULT_GROUP = "default";

    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final UpstreamFinder finder;
    private final UpstreamReferences references;

    UpstreamWrites(
            Database database,
            ConfigWriter writer,
            EntityStore entities,
            UpstreamFinder finder,
            UpstreamReferences references) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.finder = finder;
        this.references = references;
    }

    private record Put(UUID id, boolean created) {}

    Future<Answer> create(Call call) {
        ObjectNode fields = UpstreamDraft.withAlgorithm(call.body().deepCopy(), call.body());
        return writer.write(call.caller(), transaction -> stageNew(transaction, call, fields, UUID.randomUUID()))
                .compose(this::answer);
    }

    Future<Answer> replace(Call call, IdOrName path) {
        ObjectNode body = UpstreamDraft.withAlgorithm(call.body().deepCopy(), call.body());
        return writer.write(call.caller(), transaction -> finder.findIfThere(
                                transaction.connection(), call.caller(), path, body.path("runtime_group"))
                        .compose(found -> found == null
                                ? createAt(transaction, call, body, path)
                                : finder.lock(transaction, call.caller(), found).compose(locked -> {
                                    call.requireMatch(Etag.of(UpstreamView.of(locked.stored())));
                                    if (!body.hasNonNull("name")) {
                                        body.put("name", locked.stored().name());
                                    }
                                    return stageChange(transaction, call, locked, body);
                                })))
                .compose(this::answer);
    }

    Future<Answer> update(Call call, IdOrName path) {
        return writer.write(call.caller(), transaction -> finder.lock(transaction, call.caller(), path)
                        .compose(locked -> {
                            call.requireMatch(Etag.of(UpstreamView.of(locked.stored())));
                            ObjectNode fields = call.patched(UpstreamView.fields(locked.stored()));
                            return stageChange(
                                    transaction, call, locked, UpstreamDraft.withAlgorithm(fields, call.body()));
                        }))
                .compose(this::answer);
    }

    /** With its targets, in one revision. */
    Future<Answer> delete(Call call, IdOrName path) {
        return writer.write(call.caller(), transaction -> finder.lock(transaction, call.caller(), path)
                        .compose(locked -> {
                            StoredEntity stored = locked.stored();
                            call.requireMatch(Etag.of(UpstreamView.of(stored)));
                            return references
                                    .refuse(transaction, call.caller(), stored, "deleted")
                                    .map(free -> {
                                        stageRemoval(transaction, stored);
                                        return stored.entity().id();
                                    });
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private static void stageRemoval(ConfigTransaction transaction, StoredEntity stored) {
        UUID id = stored.entity().id();
        for (Entity entity : transaction.head(stored.groupId()).entities()) {
            if (entity.kind().equals(EntityKinds.TARGET)
                    && ConfigJson.read(Target.class, entity.bytes())
                            .upstreamId()
                            .equals(id)) {
                transaction.remove(stored.groupId(), entity.key());
            }
        }
        transaction.remove(stored.groupId(), stored.entity().key());
        transaction.describe("delete upstream " + stored.label());
    }

    private Future<Put> createAt(ConfigTransaction transaction, Call call, ObjectNode fields, IdOrName path) {
        call.requireMatch(null);
        UUID id = path.id();
        String name = path.name();
        if (name != null
                && fields.hasNonNull("name")
                && !fields.path("name").asText().equals(name)) {
            throw invalid(
                    "name", "conflict", "is not '" + name + "', as the path says; leave it out or make them equal.");
        }
        if (name != null) {
            fields.put("name", name);
        }
        UUID newId = id == null ? UUID.randomUUID() : id;
        if (fields.hasNonNull("runtime_group")) {
            return stageNew(transaction, call, fields, newId);
        }
        return finder.hasGroup(transaction.connection(), call.caller(), DEFAULT_GROUP)
                .compose(seen -> seen
                        ? stageNew(transaction, call, fields, newId)
                        : Future.failedFuture(UpstreamFinder.missing(path)));
    }

    private Future<Put> stageNew(ConfigTransaction transaction, Call call, ObjectNode fields, UUID id) {
        if (!fields.hasNonNull("name")) {
            throw invalid("name", "required", "is required: what implementations name as their host.");
        }
        IdOrName named = IdOrName.parse(fields.path("runtime_group").asText(DEFAULT_GROUP));
        return finder.lockGroup(transaction, call.caller(), named).map(group -> {
            UpstreamDraft draft = UpstreamDraft.of(fields, id, group.asOf());
            UpstreamReferences.requireFree(transaction.head(group.id()), id, draft.name());
            draft.stage(transaction, group.id());
            transaction.describe("create upstream " + draft.name());
            return new Put(id, true);
        });
    }

    private Future<Put> stageChange(ConfigTransaction transaction, Call call, Locked locked, ObjectNode fields) {
        StoredEntity stored = locked.stored();
        if (fields.hasNonNull("runtime_group")
                && !locked.group()
                        .is(IdOrName.parse(fields.path("runtime_group").asText()))) {
            throw invalid(
                    "runtime_group",
                    "conflict",
                    "is '" + locked.group().name() + "' and cannot be changed; create another upstream in the other"
                            + " group.");
        }
        UpstreamDraft draft = UpstreamDraft.of(fields, stored.entity().id(), stored.createdAt());
        UpstreamReferences.requireFree(transaction.head(stored.groupId()), draft.id(), draft.name());
        Future<Void> free = draft.name().equals(stored.name())
                ? Future.succeededFuture()
                : references.refuse(transaction, call.caller(), stored, "renamed");
        return free.map(staging -> {
            draft.stage(transaction, stored.groupId());
            transaction.describe("change upstream " + draft.name());
            return new Put(draft.id(), false);
        });
    }

    private Future<Answer> answer(Committed<Put> done) {
        UUID id = done.value().id();
        return database.read(client -> entities.find(client, EntityKinds.UPSTREAM, id))
                .map(stored -> {
                    if (stored == null) {
                        throw new NotFoundException("The upstream was stored, and deleted since.");
                    }
                    ObjectNode view = UpstreamView.of(stored);
                    Answer answer =
                            done.value().created() ? Answer.created(view, "/v1/upstreams/" + id) : Answer.ok(view);
                    return answer.etag().wrote(done.heads());
                });
    }

    private static InvalidConfigurationException invalid(String field, String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation(field, code, message)));
    }
}
