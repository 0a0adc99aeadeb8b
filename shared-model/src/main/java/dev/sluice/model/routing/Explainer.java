package dev.sluice.model.routing;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells people why a request goes where it goes, by asking every sub-route field by field. */
final class Explainer {
    private static final int MATCHES = Integer.MAX_VALUE;

    private final RequestView request;
    private final List<SubRoute> ordered;
    private final @Nullable String host;
    private final int port;

    Explainer(RequestView request, List<SubRoute> ordered) {
        this.request = request;
        this.ordered = ordered;
        Search search = new Search(request);
        this.host = search.host();
        this.port = search.port();
    }

    /** @param nearness how many fields fit before one did not */
    private record Verdict(SubRoute subRoute, int nearness, String reason) {}

    Explanation explain(@Nullable RouteMatch match) {
        Map<CompiledRoute, Verdict> verdicts = new LinkedHashMap<>();
        SubRoute winner = null;
        for (SubRoute subRoute : ordered) {
            Verdict verdict = judge(subRoute, winner);
            if (verdict.nearness() == MATCHES && winner == null) {
                winner = subRoute;
            }
            verdicts.merge(subRoute.target(), verdict, (old, later) -> later.nearness() > old.nearness() ? later : old);
        }
        if (match != null) {
            verdicts.remove(match.target());
        }
        List<Explanation.Loser> losers = verdicts.values().stream()
                .sorted(Comparator.comparingInt(Verdict::nearness).reversed())
                .limit(Explanation.MOST_LOSERS)
                .map(Explainer::loser)
                .toList();
        return new Explanation(request.path(), match == null ? null : winner(match), losers, verdicts.size());
    }

    private static Explanation.Loser loser(Verdict verdict) {
        Route route = verdict.subRoute().target().route();
        return new Explanation.Loser(route.id(), route.name(), verdict.reason());
    }

    private Verdict judge(SubRoute subRoute, @Nullable SubRoute winner) {
        CompiledRoute target = subRoute.target();
        PathPattern path = subRoute.path();
        if (!target.acceptsHost(host, port)) {
            return new Verdict(subRoute, 0, "hosts: " + (host == null ? "the request has none" : "none is " + host));
        }
        if (path != null && path.matchedLength(request.path()) < 0) {
            return new Verdict(subRoute, 1, pathReason(target, path));
        }
        HeaderPattern header = target.unmetHeader(request);
        if (header != null) {
            boolean absent = request.headerValues(header.name()).isEmpty();
            String reason = absent ? ": the request has none" : ": no value fits";
            return new Verdict(subRoute, 2, "headers." + header.name() + reason);
        }
        if (!target.acceptsMethod(request)) {
            return new Verdict(subRoute, 3, "methods: none is " + request.method());
        }
        if (!target.acceptsSni(request)) {
            return new Verdict(subRoute, 4, "snis: none is " + request.sni());
        }
        String behind = winner == null ? "" : "matches too, but " + RoutingOrder.reason(winner, subRoute);
        return new Verdict(subRoute, MATCHES, behind);
    }

    private String pathReason(CompiledRoute target, PathPattern path) {
        if (target.paths().size() > 1) {
            return "paths: none matches " + request.path();
        }
        boolean amid = path.wholeSegments() && request.path().startsWith(path.text());
        return "paths: " + path.text()
                + (amid ? " matches whole segments only, not within " : " does not match ")
                + request.path();
    }

    private Explanation.Winner winner(RouteMatch match) {
        Route route = match.target().route();
        Implementation implementation = match.target().implementation();
        PathPattern path = match.matchedPath();
        return new Explanation.Winner(
                route.id(),
                route.name(),
                route.versionId(),
                implementation == null ? null : implementation.url(),
                match.upstreamPath(),
                path == null ? null : path.text(),
                match.strippedPrefix(),
                match.target().schemeCheck(request.tls()),
                warnings(match));
    }

    private List<String> warnings(RouteMatch match) {
        List<String> warnings = new ArrayList<>();
        PathPattern path = match.matchedPath();
        if (path != null && path.regex() == null && path.endsWithinSegment(request.path())) {
            warnings.add("The prefix " + path.text() + " matches within a segment of " + request.path()
                    + "; path_match segment would match whole segments only");
        }
        if (match.target().implementation() == null) {
            warnings.add("The route's version has no implementation: the answer is 503");
        }
        SchemeCheck check = match.target().schemeCheck(request.tls());
        if (check != SchemeCheck.SERVE) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "The route wants https: the answer is %d",
                    match.target().route().httpsRedirectStatusCode()));
        }
        return warnings;
    }
}
