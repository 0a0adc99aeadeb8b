package dev.sluice.runtime.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Finds the addresses of a host name, and for how long they may be kept; may block for seconds. */
@FunctionalInterface
public interface Lookup {
    /**
     * @param addresses the preferred one first
     * @param kept as the name's owner says it; whoever keeps them has bounds of its own
     */
    record Found(List<InetAddress> addresses, Duration kept) {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** @throws UnknownHostException when there are none, or nobody could be asked */
    Found find(String host) throws UnknownHostException;
}
