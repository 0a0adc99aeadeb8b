package dev.sluice.model.snapshot;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The whole configuration of a group at a revision: immutable, its entities in order, with the digest over them. */
public final class Snapshot {
    private final String group;
    private final Revision revision;
    private final List<Entity> entities;
    private final Digest digest;

    private Snapshot(String group, Revision revision, List<Entity> ordered) {
        this.group = group;
        this.revision = revision;
        this.entities = ordered;
        this.digest = Digest.ofEntities(ordered);
    }

    /**
     * @param group the group's name
     * @throws IllegalArgumentException when two entities have one key
     */
    public static Snapshot of(String group, Revision revision, Collection<Entity> entities) {
        NavigableMap<EntityKey, Entity> ordered = new TreeMap<>();
        for (Entity entity : entities) {
            if (ordered.put(entity.key(), entity) != null) {
                throw new IllegalArgumentException("Twice in one snapshot: " + entity.key());
            }
        }
        return new Snapshot(group, revision, List.copyOf(ordered.values()));
    }

    /** The configuration of a group in which nothing was ever declared. */
    public static Snapshot empty(String group) {
        return new Snapshot(group, new Revision(1, 0), List.of());
    }

    /** This configuration at a later revision: with these entities put or replaced, and those keys taken away. */
    public Snapshot with(Revision later, Collection<Entity> put, Collection<EntityKey> removed) {
        NavigableMap<EntityKey, Entity> ordered = new TreeMap<>();
        entities.forEach(entity -> ordered.put(entity.key(), entity));
        removed.forEach(ordered::remove);
        put.forEach(entity -> ordered.put(entity.key(), entity));
        return new Snapshot(group, later, List.copyOf(ordered.values()));
    }

    public String group() {
        return group;
    }

    public Revision revision() {
        return revision;
    }

    /** In order of (kind, id). */
    public List<Entity> entities() {
        return entities;
    }

    public Digest digest() {
        return digest;
    }

    /** The entity with this key, or null; binary search. */
    public @Nullable Entity find(EntityKey key) {
        int low = 0;
        int high = entities.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Entity entity = entities.get(middle);
            int order = entity.key().compareTo(key);
            if (order == 0) {
                return entity;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** Names this state for HTTP's {@code ETag} and {@code If-None-Match}: quoted epoch, number and digest. */
    public String etag() {
        return '"' + revision.toString() + "-" + digest.hex().substring(0, 32) + '"';
    }
}
