package dev.sluice.control.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, replaces, changes and deletes routes: each one transaction under the lock of the route's group. */
final class RouteWrites {
    private final Database database;
    private final ConfigWriter writer;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final RouteFinder finder;

    RouteWrites(Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners, RouteFinder finder) {
        this.database = database;
        this.writer = writer;
        this.entities = entities;
        this.owners = owners;
        this.finder = finder;
    }

    private record Put(UUID id, boolean created) {}

    Future<Answer> create(Call call) {
        RoutePath.Version version = RoutePath.Version.of(call);
        return writer.write(call.caller(), transaction -> owners.lock(
                                transaction.connection(), call.caller(), version.service(), version.version())
                        .compose(owner -> transaction
                                .lock(List.of(owner.groupId()))
                                .map(locked -> stageNew(transaction, owner, call.body(), UUID.randomUUID()))))
                .compose(done -> answer(call, done.value(), done.heads()));
    }

    /** Below a version a route that does not exist is created; flat there is nowhere to create it. */
    Future<Answer> replace(Call call, RoutePath path) {
        return writer.write(call.caller(), transaction -> finder.lock(transaction, call.caller(), path)
                        .compose(found -> found.route() != null
                                ? Future.succeededFuture(replaced(transaction, found.owner(), found.route(), call))
                                : createNamed(transaction, found.owner(), path, call)))
                .compose(done -> answer(call, done.value(), done.heads()));
    }

    Future<Answer> update(Call call, RoutePath path) {
        return writer.write(call.caller(), transaction -> finder.lock(transaction, call.caller(), path)
                        .map(found -> {
                            StoredEntity route = existing(found, path);
                            call.requireMatch(Etag.of(RouteView.of(route, found.owner())));
                            ObjectNode fields = call.patched(RouteView.fields(route));
                            return stageChange(transaction, found.owner(), route, fields);
                        }))
                .compose(done -> answer(call, done.value(), done.heads()));
    }

    Future<Answer> delete(Call call, RoutePath path) {
        return writer.write(call.caller(), transaction -> finder.lock(transaction, call.caller(), path)
                        .map(found -> {
                            StoredEntity route = existing(found, path);
                            call.requireMatch(Etag.of(RouteView.of(route, found.owner())));
                            transaction.remove(
                                    found.owner().groupId(), route.entity().key());
                            transaction.describe("delete route " + route.label());
                            return route.entity().id();
                        }))
                .map(done -> Answer.noContent().wrote(done.heads()));
    }

    private Put replaced(ConfigTransaction transaction, Owner owner, StoredEntity route, Call call) {
        call.requireMatch(Etag.of(RouteView.of(route, owner)));
        ObjectNode fields = call.body().deepCopy();
        if (!fields.has("name")
                && route.name() != null
                && !call.path("route").equals(route.entity().id().toString())) {
            fields.put("name", route.name());
        }
        return stageChange(transaction, owner, route, fields);
    }

    private Future<Put> createNamed(ConfigTransaction transaction, Owner owner, RoutePath path, Call call) {
        if (path.version() == null) {
            return Future.failedFuture(RouteFinder.noRoute(path));
        }
        call.requireMatch(null);
        ObjectNode fields = named(call.body(), path.route());
        UUID id = path.route().id();
        if (id == null) {
            return Future.succeededFuture(stageNew(transaction, owner, fields, UUID.randomUUID()));
        }
        return entities.find(transaction.connection(), EntityKinds.ROUTE, id).map(elsewhere -> {
            if (elsewhere != null) {
                throw new ConflictException(
                        "Route " + id + " belongs to another version, " + elsewhere.ownVersion() + ".");
            }
            return stageNew(transaction, owner, fields, id);
        });
    }

    /** A route that is created by its name has this name, and no other. */
    private static ObjectNode named(ObjectNode body, IdOrName path) {
        String name = path.name();
        ObjectNode fields = body.deepCopy();
        if (name == null) {
            return fields;
        }
        if (fields.hasNonNull("name") && !fields.get("name").asText().equals(name)) {
            throw new InvalidConfigurationException(List.of(new Violation(
                    "name", "conflict", "is not '" + name + "', as the path says; leave it out or make them equal.")));
        }
        return fields.put("name", name);
    }

    private static Put stageNew(ConfigTransaction transaction, Owner owner, ObjectNode fields, UUID id) {
        RouteDraft draft = RouteDraft.of(fields, id, owner.versionId(), owner.asOf());
        draft.stage(transaction, owner.groupId());
        transaction.describe("create route " + draft.label());
        return new Put(id, true);
    }

    private static Put stageChange(ConfigTransaction transaction, Owner owner, StoredEntity route, ObjectNode fields) {
        RouteDraft draft = RouteDraft.of(fields, route.entity().id(), owner.versionId(), route.createdAt());
        draft.stage(transaction, owner.groupId());
        transaction.describe("change route " + draft.label());
        return new Put(draft.id(), false);
    }

    private Future<Answer> answer(Call call, Put put, List<Head> heads) {
        return database.read(client -> finder.find(client, call.caller(), put.id()))
                .map(found -> {
                    ObjectNode view = RouteView.of(found.route(), found.owner());
                    Answer answer = put.created()
                            ? Answer.created(view, found.owner().path() + "/routes/" + put.id())
                            : Answer.ok(view);
                    return answer.etag().wrote(heads);
                });
    }

    private static StoredEntity existing(RouteFinder.Locked found, RoutePath path) {
        @Nullable StoredEntity route = found.route();
        if (route == null) {
            throw RouteFinder.noRoute(path);
        }
        return route;
    }
}
