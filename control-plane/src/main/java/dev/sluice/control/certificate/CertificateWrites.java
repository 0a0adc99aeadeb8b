package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.owner.HeldGroups;
import dev.sluice.control.owner.HeldGroups.Group;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.revision.Committed;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Creates, replaces, changes and deletes certificates, or SNIs, of one kind: each one transaction under the lock of the group. */
final class CertificateWrites {
    private static final String DEFAULT_GROUP = "default";

    private final Form form;
    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final CertificateFinder finder;
    private final Referrers referrers;
    private final ShownCertificates shown;
    private final HeldGroups groups = new HeldGroups();

    CertificateWrites(
            Form form,
            Database database,
            ConfigWriter writer,
            EntityStore entities,
            CertificateFinder finder,
            Referrers referrers,
            ShownCertificates shown) {
        this.form = form;
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.finder = finder;
        this.referrers = referrers;
        this.shown = shown;
    }

    private record Put(UUID id, boolean created) {}

    /** A certificate in its group, both locked. */
    private record Locked(Group group, StoredEntity stored) {}

    Future<Answer> create(Call call) {
        return writer.write(call.caller(), transaction -> stageNew(transaction, call, call.body(), UUID.randomUUID()))
                .compose(this::answer);
    }

    Future<Answer> replace(Call call, IdOrName path) {
        ObjectNode body = call.body();
        return writer.write(call.caller(), transaction -> finder.findIfThere(
                                transaction.connection(), call.caller(), path, body.path("runtime_group"))
                        .compose(found -> found == null
                                ? createAt(transaction, call, path)
                                : lock(transaction, call, found).compose(locked -> {
                                    call.requireMatch(Etag.of(form.view(locked.stored())));
                                    return stageChange(transaction, locked, renamed(body, path, locked));
                                })))
                .compose(this::answer);
    }

    Future<Answer> update(Call call, IdOrName path) {
        return writer.write(call.caller(), transaction -> finder.find(transaction.connection(), call.caller(), path)
                        .compose(found -> lock(transaction, call, found))
                        .compose(locked -> {
                            call.requireMatch(Etag.of(form.view(locked.stored())));
                            ObjectNode fields = call.patched(form.fields(locked.stored()));
                            // A merge patch takes fields away by null; of what is not shown, null must be seen.
                            form.secrets().stream()
                                    .filter(secret -> call.body().path(secret).isNull())
                                    .forEach(fields::putNull);
                            return stageChange(transaction, locked, fields);
                        }))
                .compose(this::answer);
    }

    Future<Answer> delete(Call call, IdOrName path) {
        return writer.write(call.caller(), transaction -> finder.find(transaction.connection(), call.caller(), path)
                        .compose(found -> lock(transaction, call, found))
                        .compose(locked -> {
                            StoredEntity stored = locked.stored();
                            call.requireMatch(Etag.of(form.view(stored)));
                            return referrers
                                    .refuse(transaction, call.caller(), stored, form.noun())
                                    .map(free -> {
                                        transaction.remove(
                                                stored.groupId(),
                                                stored.entity().key());
                                        transaction.describe("delete " + form.noun() + " " + stored.label());
                                        return stored.entity().id();
                                    });
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Put> createAt(ConfigTransaction transaction, Call call, IdOrName path) {
        call.requireMatch(null);
        UUID id = path.id();
        ObjectNode fields = call.body().deepCopy();
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
                .compose(seen ->
                        seen ? stageNew(transaction, call, fields, newId) : Future.failedFuture(finder.missing(path)));
    }

    private Future<Put> stageNew(ConfigTransaction transaction, Call call, ObjectNode fields, UUID id) {
        IdOrName named = IdOrName.parse(fields.path("runtime_group").asText(DEFAULT_GROUP));
        return groups.hold(transaction.connection(), call.caller(), named).compose(group -> transaction
                .lock(List.of(group.id()))
                .compose(locked -> stageNew(transaction, new Slot(group.id(), id, group.asOf()), fields)));
    }

    private Future<Put> stageNew(ConfigTransaction transaction, Slot slot, ObjectNode fields) {
        return form.draft(transaction, slot, fields, null).map(draft -> {
            draft.stage(transaction, slot.groupId());
            List<Draft> others = form.alongside(transaction, slot, draft, fields);
            others.forEach(other -> other.stage(transaction, slot.groupId()));
            transaction.describe("create " + form.noun() + " " + draft.label());
            return new Put(slot.id(), true);
        });
    }

    private Future<Put> stageChange(ConfigTransaction transaction, Locked locked, ObjectNode fields) {
        StoredEntity stored = locked.stored();
        if (fields.hasNonNull("runtime_group")
                && !locked.group()
                        .is(IdOrName.parse(fields.path("runtime_group").asText()))) {
            throw invalid(
                    "runtime_group",
                    "conflict",
                    "is '" + locked.group().name() + "' and cannot be changed; create another " + form.noun()
                            + " in the other group.");
        }
        Slot slot = new Slot(stored.groupId(), stored.entity().id(), stored.createdAt());
        return form.draft(transaction, slot, fields, stored).map(draft -> {
            draft.stage(transaction, stored.groupId());
            transaction.describe("change " + form.noun() + " " + draft.label());
            return new Put(stored.entity().id(), false);
        });
    }

    private Future<Locked> lock(ConfigTransaction transaction, Call call, StoredEntity seen) {
        return groups.hold(transaction.connection(), call.caller(), seen.groupId())
                .compose(group -> transaction
                        .lock(List.of(group.id()))
                        .compose(locked -> entities.find(
                                transaction.connection(),
                                form.kind(),
                                seen.entity().id()))
                        .map(found -> {
                            if (found == null || !found.groupId().equals(group.id())) {
                                throw new NotFoundException("The " + form.noun() + " has just been deleted.");
                            }
                            return new Locked(group, found);
                        }));
    }

    /** A replacement by name keeps the name where it gives none. */
    private static ObjectNode renamed(ObjectNode body, IdOrName path, Locked locked) {
        return path.id() != null || body.has("name")
                ? body
                : body.deepCopy().put("name", locked.stored().name());
    }

    private Future<Answer> answer(Committed<Put> done) {
        UUID id = done.value().id();
        String location = done.value().created() ? form.path() + "/" + id : null;
        return database.read(client -> entities.find(client, form.kind(), id).compose(stored -> {
                    if (stored == null) {
                        throw new NotFoundException("The " + form.noun() + " was stored, and deleted since.");
                    }
                    return shown.answer(client, form, stored, location);
                }))
                .map(answer -> answer.wrote(done.heads()));
    }

    private static InvalidConfigurationException invalid(String field, String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation(field, code, message)));
    }
}
