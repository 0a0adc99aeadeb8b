package dev.sluice.control.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.revision.AddressCheck;
import dev.sluice.control.revision.Committed;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityFilter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.upstream.UpstreamFinder;
import dev.sluice.control.upstream.UpstreamFinder.Locked;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Target;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The targets of an upstream over HTTP: each write one transaction under the lock of the group. */
public final class TargetApi {
    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final UpstreamFinder upstreams;

    public TargetApi(Database database, ConfigWriter writer, EntityStore entities, UpstreamFinder upstreams) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.upstreams = upstreams;
    }

    public void register(Operations operations) {
        operations
                .on("listTargets", this::list)
                .on("createTarget", this::create)
                .on("getTarget", this::read)
                .on("replaceTarget", this::replace)
                .on("updateTarget", this::update)
                .on("deleteTarget", this::delete)
                .on("setTargetHealthy", call -> say(call, true))
                .on("setTargetUnhealthy", call -> say(call, false));
    }

    private record Put(UUID upstream, UUID id, boolean created) {}

    /** What one write does to a target that is there or, where it may, is not yet. */
    private interface Change {
        TargetDraft of(Locked upstream, @Nullable StoredEntity present);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(client -> upstreams
                        .find(client, call.caller(), upstream(call))
                        .compose(upstream -> entities.page(
                                        client, call.caller(), EntityKinds.TARGET, filter(call, upstream), page)
                                .map(stored ->
                                        page.answer(stored, StoredEntity::key, each -> TargetView.of(each, upstream)))))
                .map(Answer::ok);
    }

    private Future<Answer> read(Call call) {
        return database.read(client -> upstreams
                        .find(client, call.caller(), upstream(call))
                        .compose(upstream -> find(client, call.caller(), upstream, target(call))
                                .map(found -> TargetView.of(existing(found, call), upstream))))
                .map(view -> Answer.ok(view).etag());
    }

    private Future<Answer> create(Call call) {
        return write(
                call,
                IdOrName.parse(call.body().path("target").asText()),
                "create",
                (upstream, present) -> draft(upstream, UUID.randomUUID(), null, call.body()));
    }

    private Future<Answer> replace(Call call) {
        IdOrName path = target(call);
        return write(call, path, "put", (upstream, present) -> {
            ObjectNode fields = call.body().deepCopy();
            if (path.name() != null && !fields.hasNonNull("target")) {
                fields.put("target", path.name());
            }
            if (present == null) {
                requirePath(path, fields);
            }
            UUID id = path.id() == null ? UUID.randomUUID() : path.id();
            return draft(upstream, id, present, fields);
        });
    }

    private Future<Answer> update(Call call) {
        return write(
                call,
                target(call),
                "change",
                (upstream, present) -> draft(
                        upstream,
                        existing(present, call).entity().id(),
                        present,
                        call.patched(TargetView.fields(existing(present, call)))));
    }

    /** An operator's word: it reaches runtimes as configuration does, and counts until the next one. */
    private Future<Answer> say(Call call, boolean healthy) {
        return write(call, target(call), healthy ? "set healthy" : "set unhealthy", (upstream, present) -> {
            Target before = target(existing(present, call));
            return TargetDraft.said(before, healthy, upstream.group().asOf());
        });
    }

    private Future<Answer> delete(Call call) {
        return writer.write(call.caller(), transaction -> upstreams
                        .lock(transaction, call.caller(), upstream(call))
                        .compose(upstream -> find(
                                        transaction.connection(), call.caller(), upstream.stored(), target(call))
                                .map(found -> {
                                    StoredEntity stored = existing(found, call);
                                    call.requireMatch(Etag.of(TargetView.of(stored, upstream.stored())));
                                    transaction.remove(
                                            upstream.groupId(), stored.entity().key());
                                    describe(
                                            transaction,
                                            "delete",
                                            target(stored).target(),
                                            upstream);
                                    return stored.entity().id();
                                })))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Answer> write(Call call, IdOrName path, String what, Change change) {
        return writer.write(call.caller(), transaction -> upstreams
                        .lock(transaction, call.caller(), upstream(call))
                        .compose(upstream -> find(transaction.connection(), call.caller(), upstream.stored(), path)
                                .map(present -> {
                                    if (present != null && what.equals("create")) {
                                        throw taken(target(present).target(), upstream);
                                    }
                                    return stage(transaction, call, upstream, present, what, change);
                                })))
                .recover(failure -> Future.failedFuture(asSent(failure)))
                .compose(this::answer);
    }

    private static Put stage(
            ConfigTransaction transaction,
            Call call,
            Locked upstream,
            @Nullable StoredEntity present,
            String what,
            Change change) {
        call.requireMatch(present == null ? null : Etag.of(TargetView.of(present, upstream.stored())));
        TargetDraft draft = change.of(upstream, present);
        requireFree(transaction, upstream, draft);
        draft.stage(transaction, upstream.groupId());
        describe(
                transaction,
                what.equals("put") ? present == null ? "create" : "change" : what,
                draft.address(),
                upstream);
        return new Put(upstream.stored().entity().id(), draft.id(), present == null);
    }

    private static TargetDraft draft(Locked upstream, UUID newId, @Nullable StoredEntity present, ObjectNode fields) {
        UUID upstreamId = upstream.stored().entity().id();
        if (!fields.hasNonNull("target")) {
            throw invalid("target", "required", "is required: host:port, such as backend.internal:8080.");
        }
        return present == null
                ? TargetDraft.of(fields, upstreamId, newId, upstream.group().asOf(), null)
                : TargetDraft.of(fields, upstreamId, present.entity().id(), present.createdAt(), target(present));
    }

    private static void requirePath(IdOrName path, ObjectNode fields) {
        String named = path.name();
        if (named != null
                && !TargetDraft.canonical(named)
                        .equals(TargetDraft.canonical(fields.path("target").asText()))) {
            throw invalid(
                    "target", "conflict", "is not '" + named + "', as the path says; leave it out or make them equal.");
        }
    }

    private static void requireFree(ConfigTransaction transaction, Locked upstream, TargetDraft draft) {
        for (Entity entity : transaction.head(upstream.groupId()).entities()) {
            if (entity.kind().equals(EntityKinds.TARGET) && !entity.id().equals(draft.id())) {
                Target other = ConfigJson.read(Target.class, entity.bytes());
                if (other.upstreamId().equals(upstream.stored().entity().id())
                        && other.target().equals(draft.address())) {
                    throw taken(draft.address(), upstream);
                }
            }
        }
    }

    private static ConflictException taken(String address, Locked upstream) {
        return new ConflictException("Upstream " + upstream.stored().label() + " has a target '" + address
                + "' already. Change that one, or take another address.");
    }

    private static void describe(ConfigTransaction transaction, String what, String address, Locked upstream) {
        transaction.describe(what + " target " + address + " of upstream "
                + upstream.stored().label());
    }

    /** In the same upstream; null when there is none. */
    private Future<@Nullable StoredEntity> find(SqlClient client, Caller caller, StoredEntity upstream, IdOrName path) {
        UUID id = path.id();
        UUID upstreamId = upstream.entity().id();
        if (id == null) {
            String name = TargetRows.name(upstreamId, TargetDraft.canonical(path.text()));
            return entities.findByName(client, caller, EntityKinds.TARGET, upstream.groupId(), null, name);
        }
        return entities.find(client, EntityKinds.TARGET, id)
                .map(found -> found != null && target(found).upstreamId().equals(upstreamId) ? found : null);
    }

    private Future<Answer> answer(Committed<Put> done) {
        Put put = done.value();
        return database.read(client -> entities.find(client, EntityKinds.UPSTREAM, put.upstream())
                        .compose(upstream -> entities.find(client, EntityKinds.TARGET, put.id())
                                .map(stored -> {
                                    if (upstream == null || stored == null) {
                                        throw new NotFoundException("The target was stored, and deleted since.");
                                    }
                                    return TargetView.of(stored, upstream);
                                })))
                .map(view -> {
                    Answer answer = put.created()
                            ? Answer.created(view, "/v1/upstreams/" + put.upstream() + "/targets/" + put.id())
                            : Answer.ok(view);
                    return answer.etag().wrote(done.heads());
                });
    }

    private static StoredEntity existing(@Nullable StoredEntity found, Call call) {
        if (found == null) {
            throw new NotFoundException("Upstream " + upstream(call) + " has no target " + target(call) + ".");
        }
        return found;
    }

    /** The address that may not be called, as the caller's field. */
    private static Throwable asSent(Throwable failure) {
        if (!(failure instanceof InvalidConfigurationException invalid)) {
            return failure;
        }
        return new InvalidConfigurationException(invalid.violations().stream()
                .map(each -> each.code().equals(AddressCheck.CODE)
                        ? new Violation("target", each.code(), each.message())
                        : each)
                .toList());
    }

    private static EntityFilter filter(Call call, StoredEntity upstream) {
        String tags = call.query("tags");
        List<String> wanted = tags == null
                ? List.of()
                : Arrays.stream(tags.split(",", -1))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .toList();
        return TargetRows.of(upstream, wanted);
    }

    private static Target target(StoredEntity stored) {
        return ConfigJson.read(Target.class, stored.entity().bytes());
    }

    private static IdOrName upstream(Call call) {
        return IdOrName.parse(call.path("upstream"));
    }

    private static IdOrName target(Call call) {
        return IdOrName.parse(call.path("target"));
    }

    private static InvalidConfigurationException invalid(String field, String code, String message) {
        return new InvalidConfigurationException(List.of(new Violation(field, code, message)));
    }
}
