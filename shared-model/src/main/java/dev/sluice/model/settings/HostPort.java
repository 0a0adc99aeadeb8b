package dev.sluice.model.settings;

import java.util.regex.Pattern;

/**
 * An address to bind, advertise or connect to.
 *
 * @param host name or IP address; IPv6 without brackets
 * @param port 0 to 65535; 0 means a free one, where something is bound
 */
public record HostPort(String host, int port) {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    public HostPort {
        if (host.isEmpty() || port < 0 || port > 65535) {
            throw new IllegalArgumentException("not host:port with a port of 0 to 65535");
        }
    }

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("not host:port (an IPv6 address wants brackets)");
        }
        String port = text.substring(colon + 1);
        return new HostPort(host, PORT.matcher(port).matches() ? Integer.parseInt(port) : -1);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
