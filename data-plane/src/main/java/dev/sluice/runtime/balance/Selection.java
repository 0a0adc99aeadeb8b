package dev.sluice.runtime.balance;

import dev.sluice.model.config.Upstream;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one request brings to the choice of its targets, over all of its attempts. Belongs to its event loop. */
public final class Selection {
    private final boolean tls;
    private final boolean repeatable;
    private final Function<Upstream, @Nullable String> keys;
    private final Set<UUID> triedTargets = new HashSet<>();
    private final Set<PeerState> triedPeers = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean hashed;
    private @Nullable String key;

    /**
     * @param tls whether targets are spoken to by TLS
     * @param repeatable whether the request may fail at one target and go to another: such requests are the first to be
     *     trials
     * @param keys what is hashed of the request; null for nothing
     */
    public Selection(boolean tls, boolean repeatable, Function<Upstream, @Nullable String> keys) {
        this.tls = tls;
        this.repeatable = repeatable;
        this.keys = keys;
    }

    boolean tls() {
        return tls;
    }

    boolean repeatable() {
        return repeatable;
    }

    /** Asked for once. */
    @Nullable
    String key(Upstream upstream) {
        if (!hashed) {
            hashed = true;
            key = keys.apply(upstream);
        }
        return key;
    }

    boolean tried(Peer peer) {
        return triedPeers.contains(peer.state());
    }

    boolean triedTarget(Peer peer) {
        return triedTargets.contains(peer.target().id());
    }

    void tries(Peer peer) {
        triedPeers.add(peer.state());
        triedTargets.add(peer.target().id());
    }

    boolean isFirst() {
        return triedPeers.isEmpty();
    }

    /** All were tried: from the beginning, then. */
    void startAnew() {
        triedPeers.clear();
        triedTargets.clear();
    }
}
