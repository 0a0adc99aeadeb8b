package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.ClientLimits;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections are open, in all and from each address. Asked from any event loop. */
final class Crowd {
    private final int most;
    private final int mostPerAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    Crowd(ClientLimits limits) {
        this.most = limits.connections();
        this.mostPerAddress = limits.connectionsPerAddress();
    }

    /**
     * Counts a connection until it is closed, unless it is one too many.
     *
     * @param address null while nobody knows it
     * @return why it may not stay; null where it may
     */
    @Nullable
    Refusal enter(Channel channel, @Nullable InetAddress address) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return Refusal.TOO_MANY;
        }
        if (address != null && !enterAs(channel, address)) {
            open.decrementAndGet();
            return Refusal.TOO_MANY_FROM_ADDRESS;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        return null;
    }

    /** Counts an open connection for an address until it is closed, unless it is one too many. */
    boolean enterAs(Channel channel, InetAddress address) {
        if (mostPerAddress == 0) {
            return true;
        }
        int now = byAddress.merge(address, 1, Integer::sum);
        if (now > mostPerAddress) {
            leave(address);
            return false;
        }
        channel.closeFuture().addListener(closed -> leave(address));
        return true;
    }

    private void leave(InetAddress address) {
        byAddress.computeIfPresent(address, (key, number) -> number == 1 ? null : number - 1);
    }
}
