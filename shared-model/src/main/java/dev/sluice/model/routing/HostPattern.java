package dev.sluice.model.routing;

import java.util.Locale;

/**
 * One value of a route's hosts, taken apart.
 *
 * @param kind what {@code text} is
 * @param text lower-case: the whole host, or {@code .example.com} of {@code *.example.com}, or {@code example.} of
 *     {@code example.*}
 * @param port the only port that matches, or {@link #ANY_PORT}
 */
record HostPattern(Kind kind, String text, int port) {
    static final int ANY_PORT = -1;

    enum Kind {
        PLAIN,
        SUFFIX,
        PREFIX
    }

    /**
     * Reads a host, {@code *.host} or {@code host.*}, each with an optional {@code :port}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static HostPattern parse(String value) {
        int colon = value.lastIndexOf(':');
        boolean hasPort = colon > value.lastIndexOf(']');
        int port = hasPort ? port(value.substring(colon + 1)) : ANY_PORT;
        String host = (hasPort ? value.substring(0, colon) : value).toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]") && HostNames.isIpv6(host.substring(1, host.length() - 1))) {
            return new HostPattern(Kind.PLAIN, host, port);
        }
        if (host.startsWith("*.") && HostNames.isNameOrIpv4(host.substring(2))) {
            return new HostPattern(Kind.SUFFIX, host.substring(1), port);
        }
        if (host.endsWith(".*") && HostNames.isNameOrIpv4(host.substring(0, host.length() - 2))) {
            return new HostPattern(Kind.PREFIX, host.substring(0, host.length() - 1), port);
        }
        if (HostNames.isNameOrIpv4(host)) {
            return new HostPattern(Kind.PLAIN, host, port);
        }
        if (host.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "A wildcard is one whole label, leftmost or rightmost, as in *.example.com or example.*");
        }
        throw new IllegalArgumentException(
                "Not a host name or IP address with an optional port (an IPv6 address wants brackets)");
    }

    boolean wildcard() {
        return kind != Kind.PLAIN;
    }

    /**
     * @param host in lower case
     * @param requestPort the one in the request, or the scheme's
     */
    boolean matches(String host, int requestPort) {
        if (port != ANY_PORT && port != requestPort) {
            return false;
        }
        return switch (kind) {
            case PLAIN -> host.equals(text);
            case SUFFIX -> host.length() > text.length() && host.endsWith(text);
            case PREFIX -> host.length() > text.length() && host.startsWith(text);
        };
    }

    private static int port(String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException("The port must be a number from 1 to 65535");
    }
}
