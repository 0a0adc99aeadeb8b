package dev.sluice.control.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityFilter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Routes over HTTP, below their version and flat. */
public final class RouteApi {
    private final Database database;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final RouteFinder finder;
    private final RouteWrites writes;

    public RouteApi(Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners) {
        this.database = database;
        this.entities = entities;
        this.owners = owners;
        this.finder = new RouteFinder(entities, owners);
        this.writes = new RouteWrites(database, writer, entities, owners, finder);
    }

    public void register(Operations operations) {
        operations
                .on("listVersionRoutes", this::listOfVersion)
                .on("createRoute", writes::create)
                .on("getVersionRoute", call -> read(call, RoutePath.belowVersion(call)))
                .on("replaceVersionRoute", call -> writes.replace(call, RoutePath.belowVersion(call)))
                .on("updateVersionRoute", call -> writes.update(call, RoutePath.belowVersion(call)))
                .on("deleteVersionRoute", call -> writes.delete(call, RoutePath.belowVersion(call)))
                .on("listRoutes", this::listAll)
                .on("getRoute", call -> read(call, RoutePath.flat(call)))
                .on("replaceRoute", call -> writes.replace(call, RoutePath.flat(call)))
                .on("updateRoute", call -> writes.update(call, RoutePath.flat(call)))
                .on("deleteRoute", call -> writes.delete(call, RoutePath.flat(call)));
    }

    private Future<Answer> read(Call call, RoutePath path) {
        return database.read(client -> finder.find(client, call.caller(), path))
                .map(found ->
                        Answer.ok(RouteView.of(found.route(), found.owner())).etag());
    }

    private Future<Answer> listAll(Call call) {
        return database.read(client -> list(client, call, null));
    }

    private Future<Answer> listOfVersion(Call call) {
        RoutePath.Version version = RoutePath.Version.of(call);
        return database.read(client -> owners.find(client, call.caller(), version.service(), version.version())
                .compose(owner -> list(client, call, owner.versionId())));
    }

    private Future<Answer> list(SqlClient client, Call call, @Nullable UUID versionId) {
        String tags = call.query("tags");
        EntityFilter filter =
                new EntityFilter(versionId, call.query("name"), tags == null ? List.of() : split(tags), null);
        Page page = call.page();
        return entities.page(client, call.caller(), EntityKinds.ROUTE, filter, page)
                .compose(routes ->
                        owners.byId(client, call.caller(), versionsOf(routes)).map(byId -> answer(page, routes, byId)));
    }

    /** A route whose version has gone between the two reads is left out. */
    private static Answer answer(Page page, List<StoredEntity> routes, Map<UUID, Owner> owners) {
        return Answer.ok(page.answer(routes, StoredEntity::key, route -> view(route, owners)));
    }

    private static @Nullable ObjectNode view(StoredEntity route, Map<UUID, Owner> owners) {
        Owner owner = owners.get(route.ownVersion());
        return owner == null ? null : RouteView.of(route, owner);
    }

    private static Set<UUID> versionsOf(List<StoredEntity> routes) {
        Set<UUID> versions = new LinkedHashSet<>();
        routes.forEach(route -> versions.add(route.ownVersion()));
        return versions;
    }

    private static List<String> split(String tags) {
        return Arrays.stream(tags.split(",", -1))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .toList();
    }
}
