package dev.sluice.control.owner;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds versions, services and groups that exist, by id or name. Deleted ones do not exist, and neither does, for a caller,
 * what lies in groups that he does not see; what he sees and may not do, by his operation's role, is forbidden.
 */
public final class OwnerStore {
    private static final String SELECT = "SELECT v.id, v.name, v.service_id, s.name AS service, v.group_id,"
            + " g.name AS group_name, g.proxy_url, v.created_at, v.updated_at, now() AS as_of FROM service_version v"
            + " JOIN service s ON s.id = v.service_id JOIN runtime_group g ON g.id = v.group_id"
            + " WHERE v.deleted_at IS NULL AND ";
    private static final String NAMED =
            "s.deleted_at IS NULL AND (s.id = $1 OR s.name = $2) AND (v.id = $3 OR v.name = $4)";
    private static final String LOCK = " FOR UPDATE OF v";

    /** Fails with a {@link NotFoundException} that says which of the two is not there. */
    public Future<Owner> find(SqlClient client, Caller caller, IdOrName service, IdOrName version) {
        return named(client, caller, service, version, "").map(owner -> existing(owner, service, version));
    }

    /** As {@link #find}, and keeps the version as it is until the transaction ends. */
    public Future<Owner> lock(SqlConnection connection, Caller caller, IdOrName service, IdOrName version) {
        return lockIfThere(connection, caller, service, version).map(owner -> existing(owner, service, version));
    }

    /** As {@link #lock}, but null when the service has no such version. */
    public Future<@Nullable Owner> lockIfThere(
            SqlConnection connection, Caller caller, IdOrName service, IdOrName version) {
        return named(connection, caller, service, version, LOCK);
    }

    /** The version of this id, kept as it is until the transaction ends; null when there is none any more. */
    public Future<@Nullable Owner> lock(SqlConnection connection, Caller caller, UUID versionId) {
        return connection
                .preparedQuery(SELECT + "v.id = $1" + LOCK)
                .execute(Tuple.of(versionId))
                .map(OwnerStore::owners)
                .map(owners -> first(allowed(caller, owners)));
    }

    /**
     * All versions of a service, in the order of their ids, kept as they are until the transaction ends; the caller has
     * to have the role in the groups of all of them.
     */
    public Future<List<Owner>> lockAll(SqlConnection connection, Caller caller, UUID serviceId) {
        return connection
                .preparedQuery(SELECT + "v.service_id = $1 ORDER BY v.id" + LOCK)
                .execute(Tuple.of(serviceId))
                .map(OwnerStore::owners)
                .map(owners -> {
                    owners.forEach(owner -> caller.require(owner.groupId(), owner.group()));
                    return owners;
                });
    }

    /** Refuses the caller who has not the role in the groups of all versions of a service; one without is anybody's. */
    public Future<Void> requireAll(SqlConnection connection, Caller caller, UUID serviceId) {
        if (caller.mayEverywhere()) {
            return Future.succeededFuture();
        }
        return lockAll(connection, caller, serviceId).mapEmpty();
    }

    /** Those of these versions that exist, by id. */
    public Future<Map<UUID, Owner>> byId(SqlClient client, Caller caller, Collection<UUID> versionIds) {
        return client.preparedQuery(SELECT + "v.id = ANY($1)")
                .execute(Tuple.of(versionIds.toArray(new UUID[0])))
                .map(OwnerStore::owners)
                .map(owners -> {
                    Map<UUID, Owner> byId = new HashMap<>();
                    owners.stream()
                            .filter(owner -> caller.sees(owner.groupId()))
                            .forEach(owner -> byId.put(owner.versionId(), owner));
                    return byId;
                });
    }

    /** A page of a service's versions, the oldest first: those after this place, at most so many. */
    public Future<List<Owner>> page(
            SqlClient client,
            Caller caller,
            UUID serviceId,
            @Nullable String name,
            @Nullable OffsetDateTime afterTime,
            @Nullable UUID afterId,
            int limit) {
        return client.preparedQuery(SELECT + "v.service_id = $1 AND ($2::text IS NULL OR v.name = $2)"
                        + " AND ($3::timestamptz IS NULL OR (v.created_at, v.id) > ($3, $4::uuid))"
                        + " AND ($6::uuid[] IS NULL OR v.group_id = ANY($6))"
                        + " ORDER BY v.created_at, v.id LIMIT $5")
                .execute(Tuple.of(serviceId, name, afterTime, afterId, limit, caller.visibleGroups()))
                .map(OwnerStore::owners);
    }

    /** SQL, true for the service s that exists for a caller: with a version in a group that he sees, or with none. */
    public static String serviceIsVisible(String groups) {
        return "(" + groups + "::uuid[] IS NULL OR NOT EXISTS (SELECT FROM service_version vv"
                + " WHERE vv.service_id = s.id AND vv.deleted_at IS NULL)"
                + " OR EXISTS (SELECT FROM service_version vv WHERE vv.service_id = s.id AND vv.deleted_at IS NULL"
                + " AND vv.group_id = ANY(" + groups + ")))";
    }

    /** Id of a service; fails with {@link NotFoundException}. */
    public Future<UUID> service(SqlClient client, Caller caller, IdOrName service) {
        return service(client, caller, service, "");
    }

    /** As {@link #service}, and it is not deleted until the transaction ends. */
    public Future<UUID> holdService(SqlConnection connection, Caller caller, IdOrName service) {
        return service(connection, caller, service, " FOR SHARE OF s");
    }

    private static Future<UUID> service(SqlClient client, Caller caller, IdOrName service, String lock) {
        return client.preparedQuery(
                        "SELECT s.id FROM service s WHERE s.deleted_at IS NULL AND (s.id = $1 OR s.name = $2)" + " AND "
                                + serviceIsVisible("$3") + lock)
                .execute(Tuple.of(service.id(), service.name(), caller.visibleGroups()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw noService(service);
                    }
                    return rows.iterator().next().getUUID("id");
                });
    }

    /** Id of a runtime group; null when there is none. */
    public Future<@Nullable UUID> group(SqlClient client, Caller caller, IdOrName group) {
        return client.preparedQuery("SELECT id, name FROM runtime_group WHERE id = $1 OR name = $2")
                .execute(Tuple.of(group.id(), group.name()))
                .map(rows -> {
                    for (Row row : rows) {
                        UUID id = row.getUUID("id");
                        if (caller.sees(id)) {
                            caller.require(id, row.getString("name"));
                            return id;
                        }
                    }
                    return null;
                });
    }

    /** What a path that names no service is answered with. */
    public static NotFoundException noService(IdOrName service) {
        return new NotFoundException("There is no service " + service + ".");
    }

    private Future<@Nullable Owner> named(
            SqlClient client, Caller caller, IdOrName service, IdOrName version, String lock) {
        return client.preparedQuery(SELECT + NAMED + lock)
                .execute(Tuple.of(service.id(), service.name(), version.id(), version.name()))
                .map(OwnerStore::owners)
                .compose(owners -> {
                    Owner owner = first(allowed(caller, owners));
                    if (owner != null) {
                        return Future.succeededFuture(owner);
                    }
                    return service(client, caller, service)
                            .map(exists -> owners.isEmpty() ? null : existing(null, service, version));
                });
    }

    /** Those that the caller sees, if he may do what he wants with them. */
    private static List<Owner> allowed(Caller caller, List<Owner> owners) {
        List<Owner> seen =
                owners.stream().filter(owner -> caller.sees(owner.groupId())).toList();
        seen.forEach(owner -> caller.require(owner.groupId(), owner.group()));
        return seen;
    }

    private static Owner existing(@Nullable Owner owner, IdOrName service, IdOrName version) {
        if (owner == null) {
            throw new NotFoundException("Service " + service + " has no version " + version + ".");
        }
        return owner;
    }

    private static @Nullable Owner first(List<Owner> owners) {
        return owners.isEmpty() ? null : owners.get(0);
    }

    private static List<Owner> owners(Iterable<Row> rows) {
        List<Owner> owners = new ArrayList<>();
        for (Row row : rows) {
            owners.add(new Owner(
                    row.getUUID("id"),
                    row.getString("name"),
                    row.getUUID("service_id"),
                    row.getString("service"),
                    row.getUUID("group_id"),
                    row.getString("group_name"),
                    row.getString("proxy_url"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    row.getOffsetDateTime("updated_at").toInstant(),
                    row.getOffsetDateTime("as_of").toInstant()));
        }
        return owners;
    }
}
