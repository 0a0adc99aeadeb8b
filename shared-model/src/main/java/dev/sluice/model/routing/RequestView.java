package dev.sluice.model.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the router looks at in a request; the proxy implements it on top of its own request, without copying. */
public interface RequestView {
    /** As sent; methods compare exactly. */
    String method();

    /** Whether the scheme is https. */
    boolean tls();

    /** The Host header without its port, as sent; an IPv6 address in brackets; null when absent. */
    @Nullable
    String host();

    /** The port in the Host header, -1 when there is none. */
    int port();

    /** The path as {@link PathNormalizer} returns it. */
    String path();

    /** The server name that the client asked for in its TLS handshake. */
    @Nullable
    String sni();

    /** The values of all instances of a header, whatever the case of its name; empty when absent. */
    List<String> headerValues(String name);
}
