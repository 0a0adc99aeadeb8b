package dev.sluice.control.http;

import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.HostLiterals;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The proxies in front of the API that are believed when they say for whom they ask: the client is the last address in
 * {@code X-Forwarded-For} that is none of them, and the first where all are.
 */
final class TrustedProxies {
    private static final String KEY = "sluice.proxies";

    private final List<Cidr> networks;

    TrustedProxies(List<Cidr> networks) {
        this.networks = List.copyOf(networks);
    }

    /** To be called before anybody asks about the request. */
    void begin(RoutingContext web) {
        web.put(KEY, this);
    }

    /** IP address of the client; empty where there is none. */
    static String client(RoutingContext web) {
        SocketAddress from = web.request().remoteAddress();
        String peer = from == null ? "" : Objects.requireNonNullElse(from.hostAddress(), from.toString());
        TrustedProxies proxies = of(web);
        if (!proxies.trust(peer)) {
            return peer;
        }
        List<String> chain =
                Arrays.asList(String.join(",", web.request().headers().getAll("X-Forwarded-For"))
                        .split(",", -1));
        Collections.reverse(chain);
        String client = peer;
        for (String entry : chain) {
            String address = entry.strip();
            if (HostLiterals.usual(address) == null) {
                break; // whatever stands before it was not written by anybody who is believed
            }
            client = address;
            if (!proxies.trust(address)) {
                break;
            }
        }
        return client;
    }

    /** Whether the client speaks TLS, to this process or to a proxy that says so. */
    static boolean isSecure(RoutingContext web) {
        if (web.request().isSSL()) {
            return true;
        }
        SocketAddress from = web.request().remoteAddress();
        String peer = from == null ? null : from.hostAddress();
        return peer != null
                && of(web).trust(peer)
                && "https".equalsIgnoreCase(web.request().getHeader("X-Forwarded-Proto"));
    }

    private static TrustedProxies of(RoutingContext web) {
        return Objects.requireNonNull(web.<TrustedProxies>get(KEY), "only operations know their client");
    }

    private boolean trust(String literal) {
        InetAddress address = networks.isEmpty() ? null : HostLiterals.usual(literal);
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }
}
