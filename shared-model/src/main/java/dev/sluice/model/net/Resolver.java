package dev.sluice.model.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host name; may block for seconds. {@code InetAddress::getAllByName} is the platform's. */
@FunctionalInterface
public interface Resolver {
    /**
     * All addresses of a name, the preferred one first.
     *
     * @throws UnknownHostException when there are none, or nobody could be asked
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
}
