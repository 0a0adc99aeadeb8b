package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds certificates of one kind by id or name, in the groups that the caller sees. A name that several groups have is
 * refused as a conflict.
 */
final class CertificateFinder {
    private final Form form;
    private final EntityStore entities;
    private final OwnerStore owners;

    CertificateFinder(Form form, EntityStore entities, OwnerStore owners) {
        this.form = form;
        this.entities = entities;
        this.owners = owners;
    }

    /** Fails with {@link NotFoundException}. */
    Future<StoredEntity> find(SqlClient client, Caller caller, IdOrName path) {
        return find(client, caller, path, null).map(found -> {
            if (found == null) {
                throw missing(path);
            }
            return found;
        });
    }

    /** Whether there is a group of this name for the caller; forbidden where he has not his operation's role in it. */
    Future<Boolean> hasGroup(SqlClient client, Caller caller, String name) {
        return owners.group(client, caller, IdOrName.parse(name)).map(id -> id != null);
    }

    /** What a path that names no certificate is answered with. */
    NotFoundException missing(IdOrName path) {
        return new NotFoundException("There is no " + form.noun() + " " + path + ".");
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
            return entities.findByName(client, caller, form.kind(), group, null, path.text());
        }
        return entities.find(client, form.kind(), id)
                .map(found -> found != null && caller.sees(found.groupId()) ? found : null);
    }
}
