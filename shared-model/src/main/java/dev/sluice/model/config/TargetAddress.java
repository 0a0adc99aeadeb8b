package dev.sluice.model.config;

import java.util.Locale;

/**
 * The address of a {@link Target}.
 *
 * @param host name or IP address in lower case; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record TargetAddress(String host, int port) {
    /** Where a target names no port, as in Kong. */
    public static final int DEFAULT_PORT = 8000;

    private static final String FORM = "Must be host:port, such as backend.internal:8080 or [::1]:8080";

    /**
     * Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}; whether the host is one is not looked at.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static TargetAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int close = text.lastIndexOf(']');
        if (bracketed && (close < 0 || (close != text.length() - 1 && colon != close + 1))) {
            throw new IllegalArgumentException(FORM);
        }
        if (!bracketed && colon >= 0 && text.indexOf(':') != colon) {
            throw new IllegalArgumentException(FORM + " (an IPv6 address in brackets)");
        }
        boolean hasPort = colon > close;
        String host = hasPort ? text.substring(0, colon) : text;
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        return new TargetAddress(
                bare.toLowerCase(Locale.ROOT), hasPort ? port(text.substring(colon + 1)) : DEFAULT_PORT);
    }

    private static int port(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(FORM + ", with a port from 1 to 65535");
        }
        return port;
    }

    /** The one form in which it is kept. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
