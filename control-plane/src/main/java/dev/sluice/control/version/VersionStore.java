package dev.sluice.control.version;

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
}
