package dev.sluice.control.implementation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operations;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.AddressCheck;
import dev.sluice.control.revision.Committed;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.route.RouteDraft;
import dev.sluice.control.route.RouteView;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A version's implementation over HTTP. */
public final class ImplementationApi {
    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final OwnerStore owners;

    public ImplementationApi(Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.owners = owners;
    }

    public void register(Operations operations) {
        operations
                .on("getImplementation", this::read)
                .on("createImplementation", this::create)
                .on("replaceImplementation", this::replace)
                .on("updateImplementation", this::update)
                .on("deleteImplementation", this::delete);
    }

    /** A version, and its implementation if it has one. */
    private record Found(Owner owner, @Nullable StoredEntity implementation) {
        StoredEntity existing() {
            if (implementation == null) {
                throw new NotFoundException("Version " + owner.label() + " has no implementation.");
            }
            return implementation;
        }

        @Nullable
        String etag() {
            return implementation == null ? null : Etag.of(ImplementationView.of(implementation, owner));
        }
    }

    /**
     * What a write put.
     *
     * @param route of a route that was created with it
     */
    private record Put(
            UUID versionId, boolean created, @Nullable UUID route) {}

    private Future<Answer> read(Call call) {
        return database.read(client -> owners.find(client, call.caller(), service(call), version(call))
                        .compose(owner -> found(client, owner)))
                .map(found -> Answer.ok(ImplementationView.of(found.existing(), found.owner()))
                        .etag());
    }

    private Future<Answer> create(Call call) {
        return write(call, (transaction, found) -> {
            if (found.implementation() != null) {
                throw new ConflictException("Version " + found.owner().label()
                        + " has an implementation already; change it with PUT or PATCH, or delete it first.");
            }
            return stageNew(transaction, found.owner(), call.body());
        });
    }

    private Future<Answer> replace(Call call) {
        return write(call, (transaction, found) -> {
            call.requireMatch(found.etag());
            StoredEntity present = found.implementation();
            return present == null
                    ? stageNew(transaction, found.owner(), call.body())
                    : stageChange(transaction, found.owner(), present, call.body());
        });
    }

    private Future<Answer> update(Call call) {
        return write(call, (transaction, found) -> {
            StoredEntity present = found.existing();
            call.requireMatch(found.etag());
            ObjectNode fields = ImplementationView.fields(present);
            if (call.body().hasNonNull("url")) {
                fields.remove(ImplementationDraft.URL_PARTS);
            }
            return stageChange(transaction, found.owner(), present, call.patched(fields));
        });
    }

    private Future<Answer> delete(Call call) {
        return writer.write(
                        call.caller(), transaction -> lock(transaction, call).map(found -> {
                            StoredEntity present = found.existing();
                            call.requireMatch(found.etag());
                            transaction.remove(
                                    found.owner().groupId(), present.entity().key());
                            transaction.describe(
                                    "delete implementation of " + found.owner().label());
                            return present.entity().id();
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Future<Answer> write(Call call, BiFunction<ConfigTransaction, Found, Put> change) {
        return writer.write(call.caller(), transaction -> lock(transaction, call)
                        .map(found -> change.apply(transaction, found)))
                .recover(failure -> Future.failedFuture(asSent(call, failure)))
                .compose(done -> answer(call, done));
    }

    /** The host that may not be called came as such, or as part of the URL. */
    private static Throwable asSent(Call call, Throwable failure) {
        if (!(failure instanceof InvalidConfigurationException invalid)) {
            return failure;
        }
        String field = call.body().hasNonNull("url") ? "url" : "host";
        return new InvalidConfigurationException(invalid.violations().stream()
                .map(each -> each.code().equals(AddressCheck.CODE)
                        ? new Violation(field, each.code(), each.message())
                        : each)
                .toList());
    }

    private Future<Found> lock(ConfigTransaction transaction, Call call) {
        return owners.lock(transaction.connection(), call.caller(), service(call), version(call))
                .compose(owner -> transaction
                        .lock(List.of(owner.groupId()))
                        .compose(locked -> found(transaction.connection(), owner)));
    }

    private Future<Found> found(SqlClient client, Owner owner) {
        return entities.ofVersion(client, owner.versionId(), EntityKinds.IMPLEMENTATION)
                .map(found -> new Found(owner, found.isEmpty() ? null : found.get(0)));
    }

    private static Put stageNew(ConfigTransaction transaction, Owner owner, ObjectNode body) {
        Instant now = owner.asOf();
        ObjectNode fields = body.deepCopy();
        JsonNode routeFields = fields.remove("route");
        List<Violation> violations = new ArrayList<>();
        ImplementationDraft implementation = collect(
                violations,
                null,
                () -> ImplementationDraft.of(
                        fields, UUID.randomUUID(), owner.versionId(), now, transaction.head(owner.groupId())));
        RouteDraft route = routeFields instanceof ObjectNode sent
                ? collect(violations, "route", () -> RouteDraft.of(sent, UUID.randomUUID(), owner.versionId(), now))
                : null;
        if (implementation == null || !violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        implementation.stage(transaction, owner.groupId());
        transaction.describe(
                "create implementation of " + owner.label() + (route == null ? "" : " and route " + route.label()));
        if (route == null) {
            return new Put(owner.versionId(), true, null);
        }
        route.stage(transaction, owner.groupId());
        return new Put(owner.versionId(), true, route.id());
    }

    private static Put stageChange(
            ConfigTransaction transaction, Owner owner, StoredEntity present, ObjectNode fields) {
        ImplementationDraft.of(
                        fields,
                        present.entity().id(),
                        owner.versionId(),
                        present.createdAt(),
                        transaction.head(owner.groupId()))
                .stage(transaction, owner.groupId());
        transaction.describe("change implementation of " + owner.label());
        return new Put(owner.versionId(), false, null);
    }

    private static <T> @Nullable T collect(List<Violation> violations, @Nullable String parent, Supplier<T> draft) {
        try {
            return draft.get();
        } catch (InvalidConfigurationException e) {
            e.violations().forEach(violation -> violations.add(parent == null ? violation : violation.within(parent)));
            return null;
        }
    }

    private Future<Answer> answer(Call call, Committed<Put> done) {
        UUID routeId = done.value().route();
        return database.read(client -> owners.byId(
                        client, call.caller(), List.of(done.value().versionId()))
                .compose(byId -> {
                    Owner owner = byId.get(done.value().versionId());
                    if (owner == null) {
                        throw new NotFoundException("It was stored, and deleted since.");
                    }
                    return found(client, owner)
                            .compose(found -> routeId == null
                                    ? Future.succeededFuture(answer(done, found, null))
                                    : entities.find(client, EntityKinds.ROUTE, routeId)
                                            .map(route -> answer(done, found, route)));
                }));
    }

    private static Answer answer(Committed<Put> done, Found found, @Nullable StoredEntity route) {
        ObjectNode view = ImplementationView.of(found.existing(), found.owner());
        String etag = Etag.of(view);
        if (route != null) {
            view.set("route", RouteView.of(route, found.owner()));
        }
        Answer answer = done.value().created()
                ? Answer.created(view, found.owner().path() + "/implementation")
                : Answer.ok(view);
        return answer.etag(etag).wrote(done.heads());
    }

    private static IdOrName service(Call call) {
        return IdOrName.parse(call.path("service"));
    }

    private static IdOrName version(Call call) {
        return IdOrName.parse(call.path("version"));
    }
}
