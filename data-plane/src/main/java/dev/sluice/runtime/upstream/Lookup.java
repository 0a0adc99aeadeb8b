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

    /** Nobody said anything about the name: there may be addresses, or not. */
    final class Unanswered extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        public Unanswered(String message) {
            super(message);
        }
    }

    /** @throws UnknownHostException when there are none; as {@link Unanswered} when nobody could be asked */
    Found find(String host) throws UnknownHostException;
}
