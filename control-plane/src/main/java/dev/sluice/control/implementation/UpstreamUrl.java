package dev.sluice.control.implementation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shorthand {@code url} of an implementation, taken apart (RFC 3986).
 *
 * @param protocol {@code http}, {@code https}, {@code grpc} or {@code grpcs}
 * @param host without the brackets of an IPv6 address
 * @param port the protocol's default where the URL has none
 * @param path null where the URL has none
 */
record UpstreamUrl(
        String protocol, String host, int port, @Nullable String path) {
    private static final Set<String> PROTOCOLS = Set.of("http", "https", "grpc", "grpcs");

    /** @throws IllegalArgumentException with a sentence for the operator */
    static UpstreamUrl parse(String text) {
        URI uri = uri(text);
        String scheme = uri.getScheme();
        String protocol = scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw new IllegalArgumentException(
                    "must begin with http://, https://, grpc:// or grpcs://, such as http://example.com:8080/path.");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must have no user and password.");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must end before ? and #.");
        }
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException(
                    "has no valid host; it must be like " + protocol + "://example.com:8080/path.");
        }
        int port = uri.getPort();
        if (port == 0 || port > 65535) {
            throw new IllegalArgumentException("must have a port from 1 to 65535, or none.");
        }
        String path = uri.getRawPath();
        return new UpstreamUrl(
                protocol,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port == -1 ? defaultPort(protocol) : port,
                path == null || path.isEmpty() ? null : path);
    }

    static int defaultPort(String protocol) {
        return protocol.endsWith("s") ? 443 : 80;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            String at = e.getIndex() < 0 ? "" : " (" + e.getReason() + ", at character " + (e.getIndex() + 1) + ")";
            throw new IllegalArgumentException("is no URL" + at + "; it must be like http://example.com:8080/path.", e);
        }
    }
}
