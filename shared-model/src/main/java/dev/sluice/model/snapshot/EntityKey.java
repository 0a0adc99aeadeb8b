package dev.sluice.model.snapshot;

import java.util.Comparator;
import java.util.UUID;

/**
 * What an entity is and which one: the order of entities in a snapshot, by kind and then by the id's text.
 *
 * @param kind lower-case word of {@code a-z_}, at most 40 characters; one of {@link EntityKinds} or newer
 */
public record EntityKey(String kind, UUID id) implements Comparable<EntityKey> {
    private static final Comparator<EntityKey> ORDER =
            Comparator.comparing(EntityKey::kind).thenComparing(key -> key.id().toString());

    public EntityKey {
        if (kind.isEmpty() || kind.length() > 40 || !kind.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'))) {
            throw new IllegalArgumentException("Not an entity kind: " + kind);
        }
    }

    @Override
    public int compareTo(EntityKey other) {
        return ORDER.compare(this, other);
    }
}
