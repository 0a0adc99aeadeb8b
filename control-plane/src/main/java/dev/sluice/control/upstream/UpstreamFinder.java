package dev.sluice.control.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.owner.HeldGroups;
import dev.sluice.control.owner.HeldGroups.Group;
import dev.sluice.control.owner.IdOrName;
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

/**
 * Finds upstreams by id or name, in the groups that the caller sees. A name that several groups have is refused as a
 * conflict.
 */
public final class UpstreamFinder {
    private final EntityStore entities;
    private final OwnerStore owners;
    private final HeldGroups groups = new HeldGroups();

    public UpstreamFinder(EntityStore entities, OwnerStore owners) {
        this.entities = entities;
        this.owners = owners;
    }

    /** An upstream in its group, both locked. */
    public record Locked(Group group, StoredEntity stored) {
        public UUID groupId() {
            return group.id();
        }
    }

    /** Fails with {@link NotFoundException}. */
    public Future<StoredEntity> find(SqlClient client, Caller caller, IdOrName path) {
        return find(client, caller, path, null).map(found -> {
            if (found == null) {
                throw missing(path);
            }
            return found;
        });
    }

    /** As {@link #find}; it and its group stay as they are until the transaction ends. */
    public Future<Locked> lock(ConfigTransaction transaction, Caller caller, IdOrName path) {
        return find(transaction.connection(), caller, path).compose(found -> lock(transaction, caller, found));
    }

    Future<Locked> lock(ConfigTransaction transaction, Caller caller, StoredEntity seen) {
        return groups.hold(transaction.connection(), caller, seen.groupId()).compose(group -> transaction
                .lock(List.of(group.id()))
                .compose(locked -> entities.find(
                        transaction.connection(),
                        EntityKinds.UPSTREAM,
                        seen.entity().id()))
                .map(found -> {
                    if (found == null || !found.groupId().equals(group.id())) {
                        throw new NotFoundException("The upstream has just been deleted.");
                    }
                    return new Locked(group, found);
                }));
    }

    /** A group that something is to be created in, locked. */
    Future<Group> lockGroup(ConfigTransaction transaction, Caller caller, IdOrName named) {
        return groups.hold(transaction.connection(), caller, named)
                .compose(group -> transaction.lock(List.of(group.id())).map(group));
    }

    /** Whether there is a group of this name for the caller; forbidden where he has not his operation's role in it. */
    Future<Boolean> hasGroup(SqlClient client, Caller caller, String name) {
        return owners.group(client, caller, IdOrName.parse(name)).map(id -> id != null);
    }

    /** What a path that names no upstream is answered with. */
    static NotFoundException missing(IdOrName path) {
        return new NotFoundException("There is no upstream " + path + ".");
    }

    /**
     * Null when there is none.
     *
     * @param group where a name is looked for, by id or name; missing for everywhere
     */
    Future<@Nullable StoredEntity> findIfThere(SqlClient client, Caller caller, IdOrName path, JsonNode group) {
        if (path.id() != null || !group.isTextual()) {
            return find(client, caller, path, null);
        }
        return owners.group(client, caller, IdOrName.parse(group.asText()))
                .compose(id -> id == null ? Future.succeededFuture(null) : find(client, caller, path, id));
    }

    private Future<@Nullable StoredEntity> find(SqlClient client, Caller caller, IdOrName path, @Nullable UUID group) {
        UUID id = path.id();
        if (id == null) {
            return entities.findByName(client, caller, EntityKinds.UPSTREAM, group, null, path.text());
        }
        return entities.find(client, EntityKinds.UPSTREAM, id)
                .map(found -> found != null && caller.sees(found.groupId()) ? found : null);
    }
}
