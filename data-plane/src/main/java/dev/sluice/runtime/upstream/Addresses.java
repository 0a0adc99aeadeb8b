package dev.sluice.runtime.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The addresses of a name that may be called, at least one, until the name is looked up again. Shared by all event
 * loops: what one of them learns of an address serves the others.
 */
final class Addresses {
    private final List<InetAddress> addresses;
    private volatile int preferred;

    Addresses(List<InetAddress> addresses) {
        this.addresses = addresses.stream().map(Addresses::byNumber).toList();
    }

    List<InetAddress> all() {
        return addresses;
    }

    int count() {
        return addresses.size();
    }

    /** Index of the one to try first. */
    int preferred() {
        return preferred;
    }

    /** @param index counts on from the last to the first */
    InetAddress at(int index) {
        return addresses.get(index % addresses.size());
    }

    /** Whoever comes next begins with another one. */
    void failed(int index) {
        int tried = index % addresses.size();
        if (tried == preferred) {
            preferred = (tried + 1) % addresses.size();
        }
    }

    /**
     * The number takes the place of the name, which would otherwise be looked up, written or compared where the address
     * is meant: Vert.x takes two addresses of one name for one.
     */
    private static InetAddress byNumber(InetAddress address) {
        try {
            byte[] bytes = address.getAddress();
            return InetAddress.getByAddress(InetAddress.getByAddress(bytes).getHostAddress(), bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address + " is no IP address", e);
        }
    }
}
