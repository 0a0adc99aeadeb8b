package dev.sluice.model.routing;

import org.jspecify.annotations.Nullable;

/** What is ordered and matched: a route with one of its paths, or a route that has none. */
final class SubRoute {
    private final CompiledRoute target;
    private final @Nullable PathPattern path;
    private final int kinds;
    private final int weight;

    SubRoute(CompiledRoute target, @Nullable PathPattern path) {
        this.target = target;
        this.path = path;
        boolean hosts = !target.hosts().isEmpty();
        this.kinds = (hosts ? 16 : 0)
                | (target.headers().isEmpty() ? 0 : 8)
                | (path == null ? 0 : 4)
                | (target.hasMethods() ? 2 : 0)
                | (target.hasSnis() ? 1 : 0);
        boolean wildcardWithPort =
                target.hosts().stream().anyMatch(host -> host.wildcard() && host.port() != HostPattern.ANY_PORT);
        boolean plainHosts = hosts && target.hosts().stream().noneMatch(HostPattern::wildcard);
        this.weight = (wildcardWithPort ? 4 : 0) | (plainHosts ? 2 : 0) | (hasRegexPath() ? 1 : 0);
    }

    CompiledRoute target() {
        return target;
    }

    @Nullable
    PathPattern path() {
        return path;
    }

    /** Which fields are set, a bit each, heavier kinds in higher bits. */
    int kinds() {
        return kinds;
    }

    int numberOfKinds() {
        return Integer.bitCount(kinds);
    }

    /** Wildcard host with a port 4, plain hosts only 2, regex path 1. */
    int weight() {
        return weight;
    }

    boolean hasRegexPath() {
        return path != null && path.regex() != null;
    }

    int regexPriority() {
        return hasRegexPath() ? target.route().regexPriority() : 0;
    }

    int prefixLength() {
        return path == null ? 0 : path.prefixLength();
    }

    int pathIndex() {
        return path == null ? 0 : path.index();
    }
}
