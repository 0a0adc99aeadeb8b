package dev.sluice.model.trust;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Keys of which the first seals and every one opens what it sealed: how a key is replaced without a gap. */
public final class SealingKeys {
    private final SealingKey current;
    private final Map<String, SealingKey> byId = new LinkedHashMap<>();

    /** @param former keys that only open */
    public SealingKeys(SealingKey current, Collection<SealingKey> former) {
        this.current = current;
        former.forEach(key -> byId.put(key.id(), key));
        byId.put(current.id(), current);
    }

    /** The key that seals. */
    public SealingKey current() {
        return current;
    }

    public Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }

    /** Seals under the first key; see {@link SealingKey#seal}. */
    public String seal(String context, byte[] secret) {
        return current.seal(context, secret);
    }

    /**
     * Opens what any of the keys sealed.
     *
     * @throws UnsealableException when none of them did, or it has been changed, or belongs elsewhere
     */
    public byte[] open(String context, String sealed) {
        SealingKey key = byId.get(SealingKey.keyId(sealed));
        if (key == null) {
            throw new UnsealableException(
                    "It is sealed under key " + SealingKey.keyId(sealed) + ", at hand: " + ids(), null);
        }
        return key.open(context, sealed);
    }
}
