package dev.sluice.model.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request on its way through the index, with the best sub-route so far. Used by one thread, for one request. */
final class Search {
    private final RequestView request;
    private final @Nullable String host;
    private final int port;
    private final String path;
    private @Nullable SubRoute best;
    private int bestRank = Integer.MAX_VALUE;
    private int bestMatched = -1;

    Search(RequestView request) {
        this.request = request;
        String sent = request.host();
        this.host = sent == null ? null : sent.toLowerCase(Locale.ROOT);
        this.port = request.port() >= 0 ? request.port() : request.tls() ? 443 : 80;
        this.path = request.path();
    }

    RequestView request() {
        return request;
    }

    /** In lower case. */
    @Nullable
    String host() {
        return host;
    }

    /** The one in the request, or the scheme's. */
    int port() {
        return port;
    }

    String path() {
        return path;
    }

    /** Whether a sub-route of this rank would be better than what was found. */
    boolean wants(int rank) {
        return rank < bestRank;
    }

    /** Takes a candidate that is wanted, and whose host and literal prefix fit, if all else fits too. */
    void offer(Candidate candidate) {
        if (candidate.port() != HostPattern.ANY_PORT && candidate.port() != port) {
            return;
        }
        SubRoute subRoute = candidate.subRoute();
        CompiledRoute target = subRoute.target();
        if (!target.acceptsMethod(request)) {
            return;
        }
        PathPattern pattern = subRoute.path();
        int matched = pattern == null ? -1 : pattern.matchedLengthBehindPrefix(path);
        if (pattern != null && matched < 0) {
            return;
        }
        if (target.acceptsSni(request) && target.acceptsHeaders(request)) {
            best = subRoute;
            bestRank = candidate.rank();
            bestMatched = matched;
        }
    }

    @Nullable
    SubRoute best() {
        return best;
    }

    /** How many characters the best one's path matched; -1 when it has no path. */
    int bestMatched() {
        return bestMatched;
    }
}
