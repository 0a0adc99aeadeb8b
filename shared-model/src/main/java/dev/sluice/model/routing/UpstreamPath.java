package dev.sluice.model.routing;

import dev.sluice.model.config.PathHandling;

/**
 * How the path that goes upstream is made of the implementation's path and the request's, as Kong does it ({@code
 * path_handling}).
 */
final class UpstreamPath {
    private UpstreamPath() {}

    /**
     * @param base the implementation's path, {@code /} where it has none
     * @param path the request's path
     * @param matched how many characters of it the route's path matched; -1 when the route has no path
     */
    static String join(PathHandling handling, boolean strip, String base, String path, int matched) {
        String joined;
        if (strip) {
            String rest = withoutDots(path.substring(matched < 0 ? 1 : matched));
            joined = handling == PathHandling.V1 ? joinOneSlash(base, rest) : stripped(base, rest, path);
        } else {
            joined = handling == PathHandling.V1 ? base + path.substring(1) : kept(base, path);
        }
        return PathEscaper.escape(joined);
    }

    private static String stripped(String base, String rest, String path) {
        boolean baseEnds = base.endsWith("/");
        String baseBare = baseEnds ? base.substring(0, base.length() - 1) : base;
        if (rest.isEmpty()) {
            if (baseEnds) {
                return base.length() == 1 || path.endsWith("/") ? base : baseBare;
            }
            return path.length() > 1 && path.endsWith("/") ? base + "/" : base;
        }
        return rest.startsWith("/") ? baseBare + rest : baseBare + "/" + rest;
    }

    private static String kept(String base, String path) {
        if (base.endsWith("/")) {
            return base + path.substring(1);
        }
        return path.length() == 1 ? base : base + path;
    }

    private static String joinOneSlash(String base, String rest) {
        return base.endsWith("/") && rest.startsWith("/") ? base + rest.substring(1) : base + rest;
    }

    /** A match that ends within a segment may leave dots that would lead out of the implementation's path. */
    private static String withoutDots(String rest) {
        if (rest.equals(".") || rest.equals("..")) {
            return "";
        }
        if (rest.startsWith("./")) {
            return rest.substring(2);
        }
        return rest.startsWith("../") ? rest.substring(3) : rest;
    }
}
