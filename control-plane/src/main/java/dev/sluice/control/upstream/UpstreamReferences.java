package dev.sluice.control.upstream;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which implementations are served by an upstream: those of its group whose host is its name. */
public final class UpstreamReferences {
    private static final int MOST_NAMED = 10;

    private final OwnerStore owners;

    UpstreamReferences(OwnerStore owners) {
        this.owners = owners;
    }

    /** Fails with {@link ConflictException} naming the implementations of the locked group that use the upstream. */
    Future<Void> refuse(ConfigTransaction transaction, Caller caller, StoredEntity upstream, String what) {
        List<UUID> versions = transaction.head(upstream.groupId()).entities().stream()
                .filter(entity -> entity.kind().equals(EntityKinds.IMPLEMENTATION))
                .map(entity -> ConfigJson.read(Implementation.class, entity.bytes()))
                .filter(implementation -> implementation.host().equals(upstream.name()))
                .map(Implementation::versionId)
                .sorted()
                .toList();
        if (versions.isEmpty()) {
            return Future.succeededFuture();
        }
        List<UUID> named = versions.stream().limit(MOST_NAMED).toList();
        return owners.byId(transaction.connection(), caller, named).compose(byId -> {
            int more = versions.size() - named.size();
            String users = named.stream().map(version -> label(version, byId)).collect(Collectors.joining(", "));
            return Future.failedFuture(new ConflictException("The upstream " + upstream.label() + " cannot be " + what
                    + ": it is the host of the implementation of " + users + (more == 0 ? "" : " and " + more + " more")
                    + ". Give them another host first."));
        });
    }

    /**
     * Upstreams stay in their group when a version goes to another.
     *
     * @param version as people know it
     * @param head content of the version's group
     * @throws ConflictException that says what to do, when the implementation's host is an upstream
     */
    public static void refuseMove(Entity implementation, String version, Snapshot head) {
        String host =
                ConfigJson.read(Implementation.class, implementation.bytes()).host();
        if (named(head, host) != null) {
            throw new ConflictException("The implementation of " + version + " is served by upstream '" + host
                    + "' of runtime group '" + head.group() + "', and that stays there. Give it another host, move the"
                    + " version, then name an upstream of its new group.");
        }
    }

    /** @throws ConflictException when another upstream of the group has this name */
    static void requireFree(Snapshot head, UUID id, String name) {
        UUID other = named(head, name);
        if (other != null && !other.equals(id)) {
            throw new ConflictException("The name '" + name + "' is taken by upstream " + other + " in runtime group '"
                    + head.group() + "'. Take another, or change that one.");
        }
    }

    private static @Nullable UUID named(Snapshot head, String name) {
        for (Entity entity : head.entities()) {
            if (entity.kind().equals(EntityKinds.UPSTREAM)
                    && ConfigJson.object(entity.bytes()).path("name").asText().equals(name)) {
                return entity.id();
            }
        }
        return null;
    }

    private static String label(UUID version, Map<UUID, Owner> byId) {
        Owner owner = byId.get(version);
        return owner == null ? "version " + version : owner.label();
    }
}
