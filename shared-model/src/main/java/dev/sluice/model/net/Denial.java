package dev.sluice.model.net;

import java.net.InetAddress;

/**
 * Why an address must not be called.
 *
 * @param address the address
 * @param network the denied network that it lies in, or that the IPv4 address within it lies in
 * @param reason what the network is for, in a few words
 * @param lifted how an operator lifts it, as the end of a sentence; empty where it cannot be lifted
 */
public record Denial(InetAddress address, Cidr network, String reason, String lifted) {
    /** Such as {@code 169.254.169.254, in the denied network 169.254.0.0/16 (link-local, cloud metadata)}. */
    public String sentence() {
        return address.getHostAddress() + ", in the denied network " + network + " (" + reason + ")";
    }
}
