package dev.sluice.control.version;

import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Rows of versions. To read them, see {@link OwnerStore}. */
public final class VersionStore {
    /** Creates a version of a service that exists. */
    public Future<Void> insert(SqlConnection connection, UUID id, UUID serviceId, UUID groupId, String name) {
        return connection
                .preparedQuery("INSERT INTO service_version (id, service_id, group_id, name) VALUES ($1, $2, $3, $4)")
                .execute(Tuple.of(id, serviceId, groupId, name))
                .mapEmpty();
    }

    /** Marks a version as deleted; its row stays, for revisions that may be restored. */
    public Future<Void> delete(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("UPDATE service_version SET deleted_at = now(), updated_at = now(),"
                        + " row_version = row_version + 1 WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    Future<Void> update(SqlConnection connection, UUID id, String name, UUID groupId) {
        return connection
                .preparedQuery("UPDATE service_version SET name = $2, group_id = $3, updated_at = now(),"
                        + " row_version = row_version + 1 WHERE id = $1 AND (name, group_id) <> ($2, $3)")
                .execute(Tuple.of(id, name, groupId))
                .mapEmpty();
    }

    /** Id of a service, which is not deleted until the transaction ends; fails with {@link NotFoundException}. */
    Future<UUID> holdService(SqlConnection connection, IdOrName service) {
        return connection
                .preparedQuery("SELECT id FROM service WHERE deleted_at IS NULL AND (id = $1 OR name = $2) FOR SHARE")
                .execute(Tuple.of(service.id(), service.name()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw OwnerStore.noService(service);
                    }
                    return rows.iterator().next().getUUID("id");
                });
    }
}
