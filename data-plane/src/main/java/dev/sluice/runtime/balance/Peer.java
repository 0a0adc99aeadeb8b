package dev.sluice.runtime.balance;

import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.runtime.upstream.Destination;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** One address of a target, as an event loop calls it. */
final class Peer {
    private final CompiledUpstream upstream;
    private final int index;
    private final InetAddress address;
    private final PeerState state;
    private @Nullable Destination plain;
    private @Nullable Destination secure;

    /** Of smooth round-robin, on this event loop. */
    double current;

    /** @param index of its target */
    Peer(CompiledUpstream upstream, int index, InetAddress address, PeerState state) {
        this.upstream = upstream;
        this.index = index;
        this.address = address;
        this.state = state;
    }

    int index() {
        return index;
    }

    Target target() {
        return upstream.targets().get(index);
    }

    InetAddress address() {
        return address;
    }

    PeerState state() {
        return state;
    }

    double weight(long nowNanos) {
        return target().weight() * state.share(upstream.upstream(), nowNanos);
    }

    Destination destination(boolean tls) {
        Destination known = tls ? secure : plain;
        if (known != null) {
            return known;
        }
        Destination made = make(tls ? 443 : 80);
        if (tls) {
            secure = made;
        } else {
            plain = made;
        }
        return made;
    }

    private Destination make(int defaultPort) {
        TargetAddress named = upstream.address(index);
        String header = upstream.upstream().hostHeader();
        if (header != null) {
            String host = TargetAddress.parse(header).host();
            return new Destination(host, named.port(), address, header, true);
        }
        String authority = Destination.authority(named.host(), named.port(), defaultPort);
        return new Destination(named.host(), named.port(), address, authority, false);
    }
}
