package dev.sluice.runtime.upstream;

import dev.sluice.model.config.Implementation;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt connects to.
 *
 * @param host name or address; what SNI and the upstream's certificate are about
 * @param port 1 to 65535
 * @param address that was checked and is connected to; null for whichever of the host's can be reached
 * @param authority what goes into {@code Host} where the client's does not
 * @param insists whether {@code authority} goes there in any case
 */
public record Destination(String host, int port, @Nullable InetAddress address, String authority, boolean insists) {
    /** The address that an implementation itself names. */
    public static Destination of(Implementation implementation) {
        String host = implementation.host();
        int port = implementation.port();
        return new Destination(
                host,
                port,
                null,
                authority(host, port, implementation.protocol().defaultPort()),
                false);
    }

    /** Host and port as a URI has them (RFC 3986 3.2): the port is left out where the scheme says it. */
    public static String authority(String host, int port, int defaultPort) {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort ? name : name + ":" + port;
    }
}
