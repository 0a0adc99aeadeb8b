package dev.sluice.model.routing;

import org.jspecify.annotations.Nullable;

/** The route of a request, and what its path becomes. */
public final class RouteMatch {
    private final CompiledRoute target;
    private final @Nullable PathPattern matchedPath;
    private final String path;
    private final String upstreamPath;
    private final @Nullable String strippedPrefix;

    RouteMatch(SubRoute winner, String path, int matched) {
        this.target = winner.target();
        this.matchedPath = winner.path();
        this.path = path;
        boolean strip = target.route().stripPath();
        this.upstreamPath = UpstreamPath.join(target.route().pathHandling(), strip, target.basePath(), path, matched);
        String prefix = strip && matched > 0 ? path.substring(0, matched) : "/";
        this.strippedPrefix = prefix.equals("/") ? null : PathEscaper.escape(prefix);
    }

    public CompiledRoute target() {
        return target;
    }

    /** The path to send upstream, percent-encoded, never with a query. */
    public String upstreamPath() {
        return upstreamPath;
    }

    /** What was taken off the request's path, for {@code X-Forwarded-Prefix}; null when nothing or {@code /} was. */
    public @Nullable String strippedPrefix() {
        return strippedPrefix;
    }

    /** The request's path, normalised. */
    public String path() {
        return path;
    }

    /** What a named group of the route's regular expression caught; null for nothing, and where there is none. */
    public @Nullable String captured(String group) {
        return matchedPath == null ? null : matchedPath.captured(path, group);
    }

    /** Which of the route's paths matched; null when it has none. */
    @Nullable
    PathPattern matchedPath() {
        return matchedPath;
    }
}
