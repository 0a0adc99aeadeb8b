package dev.sluice.model.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** One entity of a snapshot: its key, its bytes exactly as the control plane made them, and their hash. */
public final class Entity {
    private final EntityKey key;
    private final byte[] bytes;
    private final Digest hash;

    private Entity(EntityKey key, byte[] bytes, Digest hash) {
        this.key = key;
        this.bytes = bytes;
        this.hash = hash;
    }

    /**
     * @param bytes compact JSON on one line; the entity keeps the array, so the caller must not change it
     * @throws IllegalArgumentException when there is a line break in the bytes
     */
    public static Entity of(String kind, UUID id, byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n' || b == '\r') {
                throw new IllegalArgumentException("Entity bytes must be one line: " + kind + " " + id);
            }
        }
        return new Entity(new EntityKey(kind, id), bytes, Digest.of(bytes));
    }

    public EntityKey key() {
        return key;
    }

    public String kind() {
        return key.kind();
    }

    public UUID id() {
        return key.id();
    }

    /** The bytes themselves, not a copy: to be read only. */
    public byte[] bytes() {
        return bytes;
    }

    public Digest hash() {
        return hash;
    }

    public boolean hasSameBytes(Entity other) {
        return hash.equals(other.hash);
    }

    @Override
    public String toString() {
        return key.kind() + " " + key.id() + " " + new String(bytes, StandardCharsets.UTF_8);
    }
}
