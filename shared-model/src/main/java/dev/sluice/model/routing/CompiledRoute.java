package dev.sluice.model.routing;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Protocol;
import dev.sluice.model.config.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A route with all that was worked out beforehand, and the implementation that it leads to. */
public final class CompiledRoute {
    private final Route route;
    private final @Nullable Implementation implementation;
    private final @Nullable UpstreamPlan upstream;
    private final String basePath;
    private final Set<String> methods;
    private final List<HostPattern> hosts = new ArrayList<>();
    private final List<HeaderPattern> headers = new ArrayList<>();
    private final List<PathPattern> paths = new ArrayList<>();
    private final Set<String> snis = new HashSet<>();
    private final boolean https;
    private final boolean plainHttp;
    private final boolean grpc;

    /** @param route one that {@link RouteRules} finds no fault with */
    CompiledRoute(Route route, @Nullable Implementation implementation, @Nullable UpstreamPlan upstream) {
        this.route = route;
        this.implementation = implementation;
        this.upstream = upstream;
        String path = implementation == null ? null : implementation.path();
        this.basePath = path == null || path.isEmpty() ? "/" : path;
        this.methods = Set.copyOf(route.methods());
        route.hosts().forEach(host -> hosts.add(HostPattern.parse(host)));
        route.headers().forEach((name, values) -> headers.add(HeaderPattern.parse(name, values)));
        for (int i = 0; i < route.paths().size(); i++) {
            paths.add(PathPattern.parse(route.paths().get(i), i, route.pathMatch()));
        }
        route.snis().forEach(sni -> snis.add(withoutDot(sni)));
        this.https = route.protocols().stream().anyMatch(Protocol::tls);
        this.plainHttp = route.protocols().stream().anyMatch(protocol -> !protocol.tls());
        this.grpc = route.protocols().stream().anyMatch(Protocol::grpc);
    }

    public Route route() {
        return route;
    }

    /** Null when the route's version has none: the proxy answers 503. */
    public @Nullable Implementation implementation() {
        return implementation;
    }

    /** The upstream that the implementation's host names; null when it names none, and is a host itself. */
    public @Nullable UpstreamPlan upstream() {
        return upstream;
    }

    /** Whether the route is for gRPC alone. */
    public boolean grpc() {
        return grpc;
    }

    /** @param tls whether the request came over https */
    public SchemeCheck schemeCheck(boolean tls) {
        if (tls || plainHttp || !https) {
            return SchemeCheck.SERVE;
        }
        return route.httpsRedirectStatusCode() == 426 ? SchemeCheck.HTTPS_REQUIRED : SchemeCheck.REDIRECT_TO_HTTPS;
    }

    /** The implementation's path, {@code /} where it has none. */
    String basePath() {
        return basePath;
    }

    List<HostPattern> hosts() {
        return hosts;
    }

    List<HeaderPattern> headers() {
        return headers;
    }

    List<PathPattern> paths() {
        return paths;
    }

    boolean hasMethods() {
        return !methods.isEmpty();
    }

    boolean hasSnis() {
        return !snis.isEmpty();
    }

    /** @param host in lower case, or null */
    boolean acceptsHost(@Nullable String host, int port) {
        if (hosts.isEmpty()) {
            return true;
        }
        return host != null && hosts.stream().anyMatch(pattern -> pattern.matches(host, port));
    }

    boolean acceptsMethod(RequestView request) {
        return methods.isEmpty() || methods.contains(request.method());
    }

    boolean acceptsSni(RequestView request) {
        if (snis.isEmpty() || !request.tls()) {
            return true;
        }
        String sni = request.sni();
        return sni != null && snis.contains(withoutDot(sni));
    }

    boolean acceptsHeaders(RequestView request) {
        return unmetHeader(request) == null;
    }

    /** The first header that is not as the route wants it, or null. */
    @Nullable
    HeaderPattern unmetHeader(RequestView request) {
        for (int i = 0; i < headers.size(); i++) {
            HeaderPattern header = headers.get(i);
            if (!header.matches(request.headerValues(header.name()))) {
                return header;
            }
        }
        return null;
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
