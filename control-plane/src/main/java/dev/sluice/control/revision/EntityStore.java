package dev.sluice.control.revision;

import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.http.Page;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads entities as they are in the heads of their groups. */
public final class EntityStore {
    public Future<@Nullable StoredEntity> find(SqlClient client, String kind, UUID id) {
        throw new UnsupportedOperationException("to come");
    }

    /**
     * Finds by name, within a group or a version where one is given.
     *
     * @return the entity or null; fails with {@link ConflictException} when several groups have one of this name
     */
    public Future<@Nullable StoredEntity> findByName(
            SqlClient client, String kind, @Nullable UUID groupId, @Nullable UUID versionId, String name) {
        throw new UnsupportedOperationException("to come");
    }

    /** All of a version, or those of one kind, the oldest first. */
    public Future<List<StoredEntity>> ofVersion(SqlClient client, UUID versionId, @Nullable String kind) {
        throw new UnsupportedOperationException("to come");
    }

    /** A page of the matching ones, the oldest first: {@link Page#limit()} of them at most, for {@link Page#answer}. */
    public Future<List<StoredEntity>> page(SqlClient client, String kind, EntityFilter filter, Page page) {
        throw new UnsupportedOperationException("to come");
    }
}
