package dev.sluice.control.owner;

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

/** Finds versions, services and groups that exist, by id or name. Deleted ones do not exist. */
public final class OwnerStore {
    private static final String SELECT = "SELECT v.id, v.name, v.service_id, s.name AS service, v.group_id,"
            + " g.name AS group_name, g.proxy_url, v.created_at, v.updated_at, now() AS as_of FROM service_version v"
            + " JOIN service s ON s.id = v.service_id JOIN runtime_group g ON g.id = v.group_id"
            + " WHERE v.deleted_at IS NULL AND ";
    private static final String NAMED =
            "s.deleted_at IS NULL AND (s.id = $1 OR s.name = $2) AND (v.id = $3 OR v.name = $4)";
    private static final String LOCK = " FOR UPDATE OF v";

    /** Fails with a {@link NotFoundException} that says which of the two is not there. */
    public Future<Owner> find(SqlClient client, IdOrName service, IdOrName version) {
        return named(client, service, version, "").map(owner -> existing(owner, service, version));
    }

    /** As {@link #find}, and keeps the version as it is until the transaction ends. */
    public Future<Owner> lock(SqlConnection connection, IdOrName service, IdOrName version) {
        return lockIfThere(connection, service, version).map(owner -> existing(owner, service, version));
    }

    /** As {@link #lock}, but null when the service has no such version. */
    public Future<@Nullable Owner> lockIfThere(SqlConnection connection, IdOrName service, IdOrName version) {
        return named(connection, service, version, LOCK);
    }

    /** The version of this id, kept as it is until the transaction ends; null when there is none any more. */
    public Future<@Nullable Owner> lock(SqlConnection connection, UUID versionId) {
        return connection
                .preparedQuery(SELECT + "v.id = $1" + LOCK)
                .execute(Tuple.of(versionId))
                .map(OwnerStore::owners)
                .map(OwnerStore::first);
    }

    /** All versions of a service, in the order of their ids, kept as they are until the transaction ends. */
    public Future<List<Owner>> lockAll(SqlConnection connection, UUID serviceId) {
        return connection
                .preparedQuery(SELECT + "v.service_id = $1 ORDER BY v.id" + LOCK)
                .execute(Tuple.of(serviceId))
                .map(OwnerStore::owners);
    }

    /** Those of these versions that exist, by id. */
    public Future<Map<UUID, Owner>> byId(SqlClient client, Collection<UUID> versionIds) {
        return client.preparedQuery(SELECT + "v.id = ANY($1)")
                .execute(Tuple.of(versionIds.toArray(new UUID[0])))
                .map(OwnerStore::owners)
                .map(owners -> {
                    Map<UUID, Owner> byId = new HashMap<>();
                    owners.forEach(owner -> byId.put(owner.versionId(), owner));
                    return byId;
                });
    }

    /** A page of a service's versions, the oldest first: those after this place, at most so many. */
    public Future<List<Owner>> page(
            SqlClient client,
            UUID serviceId,
            @Nullable String name,
            @Nullable OffsetDateTime afterTime,
            @Nullable UUID afterId,
            int limit) {
        return client.preparedQuery(SELECT + "v.service_id = $1 AND ($2::text IS NULL OR v.name = $2)"
                        + " AND ($3::timestamptz IS NULL OR (v.created_at, v.id) > ($3, $4::uuid))"
                        + " ORDER BY v.created_at, v.id LIMIT $5")
                .execute(Tuple.of(serviceId, name, afterTime, afterId, limit))
                .map(OwnerStore::owners);
    }

    /** Id of a service; fails with {@link NotFoundException}. */
    public Future<UUID> service(SqlClient client, IdOrName service) {
        return client.preparedQuery("SELECT id FROM service WHERE deleted_at IS NULL AND (id = $1 OR name = $2)")
                .execute(Tuple.of(service.id(), service.name()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw noService(service);
                    }
                    return rows.iterator().next().getUUID("id");
                });
    }

    /** Id of a runtime group; null when there is none. */
    public Future<@Nullable UUID> group(SqlClient client, IdOrName group) {
        return client.preparedQuery("SELECT id FROM runtime_group WHERE id = $1 OR name = $2")
                .execute(Tuple.of(group.id(), group.name()))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("id"));
    }

    /** What a path that names no service is answered with. */
    public static NotFoundException noService(IdOrName service) {
        return new NotFoundException("There is no service " + service + ".");
    }

    private Future<@Nullable Owner> named(SqlClient client, IdOrName service, IdOrName version, String lock) {
        return client.preparedQuery(SELECT + NAMED + lock)
                .execute(Tuple.of(service.id(), service.name(), version.id(), version.name()))
                .map(OwnerStore::owners)
                .compose(owners -> {
                    Owner owner = first(owners);
                    return owner != null
                            ? Future.succeededFuture(owner)
                            : service(client, service).map(exists -> null);
                });
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
