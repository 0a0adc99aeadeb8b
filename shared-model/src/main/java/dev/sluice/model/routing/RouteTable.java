package dev.sluice.model.routing;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a runtime group, compiled: says which route takes a request. Immutable; any number of threads may ask
 * at once.
 */
public final class RouteTable {
    private final List<CompiledRoute> routes;
    private final List<SubRoute> ordered = new ArrayList<>();
    private final RouteIndex index;
    private final List<UpstreamPlan> upstreams;

    RouteTable(List<CompiledRoute> routes, Collection<UpstreamPlan> upstreams) {
        this.routes = List.copyOf(routes);
        this.upstreams = List.copyOf(upstreams);
        for (CompiledRoute route : routes) {
            if (route.paths().isEmpty()) {
                ordered.add(new SubRoute(route, null));
            }
            route.paths().forEach(path -> ordered.add(new SubRoute(route, path)));
        }
        ordered.sort(RoutingOrder.COMPARATOR);
        this.index = new RouteIndex(ordered);
    }

    /**
     * Compiles the routes, implementations and upstreams of a snapshot. The certificates that these name must be in it; entities of
     * kinds that this release does not know are passed over.
     *
     * @throws dev.sluice.model.problem.InvalidConfigurationException with every fault, each field beginning with the
     *     record that it is in: {@code routes[<name or id>].paths[0]}
     */
    public static RouteTable compile(Snapshot snapshot) {
        return new RouteCompiler().read(snapshot).compile();
    }

    /** As {@link #compile(Snapshot)}, of records. */
    public static RouteTable compile(List<Implementation> implementations, List<Route> routes) {
        RouteCompiler compiler = new RouteCompiler();
        implementations.forEach(compiler::add);
        routes.forEach(compiler::add);
        return compiler.compile();
    }

    /** The first route, in the order of routes, that this request fulfils; null when there is none. */
    public @Nullable RouteMatch match(RequestView request) {
        Search search = new Search(request);
        index.search(search);
        SubRoute best = search.best();
        return best == null ? null : new RouteMatch(best, search.path(), search.bestMatched());
    }

    /** What {@link #match} decides and why. Looks at every route: for people, not for the request path. */
    public Explanation explain(RequestView request) {
        return new Explainer(request, ordered).explain(match(request));
    }

    public int routeCount() {
        return routes.size();
    }

    /** All of the group, in no order, whether an implementation names them or not. */
    public List<UpstreamPlan> upstreams() {
        return upstreams;
    }

    /** In the order in which they were given. */
    public List<CompiledRoute> routes() {
        return routes;
    }
}
