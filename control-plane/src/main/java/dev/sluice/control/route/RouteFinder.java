package dev.sluice.control.route;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the route that a path names, to be shown or, with its version and group locked, to be changed. */
final class RouteFinder {
    private final EntityStore entities;
    private final OwnerStore owners;

    RouteFinder(EntityStore entities, OwnerStore owners) {
        this.entities = entities;
        this.owners = owners;
    }

    /** A route that exists, and whose it is. */
    record Found(StoredEntity route, Owner owner) {}

    /** A version that stays as it is until the transaction ends, and its route; null when it has none of this name. */
    record Locked(Owner owner, @Nullable StoredEntity route) {}

    /** Fails with {@link NotFoundException}. */
    Future<Found> find(SqlClient client, Caller caller, RoutePath path) {
        RoutePath.Version version = path.version();
        if (version == null) {
            return anywhere(client, caller, path.route())
                    .compose(route -> owners.byId(client, caller, List.of(route.ownVersion()))
                            .map(byId -> found(route, byId.get(route.ownVersion()), path)));
        }
        return owners.find(client, caller, version.service(), version.version())
                .compose(owner ->
                        ofVersion(client, caller, owner, path.route()).map(route -> found(route, owner, path)));
    }

    /** The route of this id; fails with {@link NotFoundException}. */
    Future<Found> find(SqlClient client, Caller caller, UUID id) {
        return find(client, caller, new RoutePath(null, new IdOrName(id, id.toString())));
    }

    /** Locks version and group. Fails with {@link NotFoundException} when there is no such version. */
    Future<Locked> lock(ConfigTransaction transaction, Caller caller, RoutePath path) {
        RoutePath.Version version = path.version();
        if (version == null) {
            return lockFlat(transaction, caller, path);
        }
        SqlClient client = transaction.connection();
        return owners.lock(transaction.connection(), caller, version.service(), version.version())
                .compose(owner -> transaction
                        .lock(List.of(owner.groupId()))
                        .compose(locked -> ofVersion(client, caller, owner, path.route()))
                        .map(route -> new Locked(owner, route)));
    }

    /** What a path that names no route is answered with. */
    static NotFoundException noRoute(RoutePath path) {
        RoutePath.Version version = path.version();
        return new NotFoundException(
                version == null
                        ? "There is no route " + path.route() + "."
                        : "Version " + version.version() + " of service " + version.service() + " has no route "
                                + path.route() + ".");
    }

    private Future<Locked> lockFlat(ConfigTransaction transaction, Caller caller, RoutePath path) {
        SqlClient client = transaction.connection();
        return anywhere(client, caller, path.route()).compose(seen -> owners.lock(
                        transaction.connection(), caller, seen.ownVersion())
                .compose(owner -> owner == null
                        ? Future.failedFuture(noRoute(path))
                        : transaction
                                .lock(List.of(owner.groupId()))
                                .compose(locked -> entities.find(
                                        client, EntityKinds.ROUTE, seen.entity().id()))
                                .map(route -> new Locked(owner, route))));
    }

    private Future<StoredEntity> anywhere(SqlClient client, Caller caller, IdOrName route) {
        UUID id = route.id();
        Future<@Nullable StoredEntity> found = id != null
                ? entities.find(client, EntityKinds.ROUTE, id)
                : entities.findByName(client, caller, EntityKinds.ROUTE, null, null, route.text());
        return found.compose(stored -> stored == null
                ? Future.failedFuture(noRoute(new RoutePath(null, route)))
                : Future.succeededFuture(stored));
    }

    private Future<@Nullable StoredEntity> ofVersion(SqlClient client, Caller caller, Owner owner, IdOrName route) {
        UUID id = route.id();
        if (id == null) {
            return entities.findByName(client, caller, EntityKinds.ROUTE, null, owner.versionId(), route.text());
        }
        return entities.find(client, EntityKinds.ROUTE, id)
                .map(stored -> stored != null && stored.ownVersion().equals(owner.versionId()) ? stored : null);
    }

    private static Found found(@Nullable StoredEntity route, @Nullable Owner owner, RoutePath path) {
        if (route == null || owner == null) {
            throw noRoute(path);
        }
        return new Found(route, owner);
    }
}
