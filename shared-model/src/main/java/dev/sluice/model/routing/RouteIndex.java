package dev.sluice.model.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the first of all sub-routes, in their order, that matches a request, looking only at those whose host and
 * literal path prefix fit: plain hosts by a hash look-up, wildcards by one for each dot in the host, and within each
 * host a {@link PathIndex}.
 */
final class RouteIndex {
    private final Map<String, PathIndex> plainHosts;
    private final Map<String, PathIndex> suffixes;
    private final Map<String, PathIndex> prefixes;
    private final PathIndex anyHost;

    /** @param ordered all sub-routes, the one to be preferred first */
    RouteIndex(List<SubRoute> ordered) {
        Map<HostPattern.Kind, Map<String, List<Candidate>>> byHost = new HashMap<>();
        List<Candidate> withoutHost = new ArrayList<>();
        for (int rank = 0; rank < ordered.size(); rank++) {
            SubRoute subRoute = ordered.get(rank);
            for (HostPattern host : subRoute.target().hosts()) {
                byHost.computeIfAbsent(host.kind(), kind -> new HashMap<>())
                        .computeIfAbsent(host.text(), text -> new ArrayList<>())
                        .add(new Candidate(subRoute, rank, host.port()));
            }
            if (subRoute.target().hosts().isEmpty()) {
                withoutHost.add(new Candidate(subRoute, rank, HostPattern.ANY_PORT));
            }
        }
        plainHosts = indexes(byHost.getOrDefault(HostPattern.Kind.PLAIN, Map.of()));
        suffixes = indexes(byHost.getOrDefault(HostPattern.Kind.SUFFIX, Map.of()));
        prefixes = indexes(byHost.getOrDefault(HostPattern.Kind.PREFIX, Map.of()));
        anyHost = PathIndex.of(withoutHost);
    }

    void search(Search search) {
        String host = search.host();
        if (host != null) {
            searchIn(plainHosts, host, search);
            if (!suffixes.isEmpty() || !prefixes.isEmpty()) {
                searchWildcards(host, search);
            }
        }
        anyHost.search(search);
    }

    private void searchWildcards(String host, Search search) {
        int last = host.length() - 1;
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (dot > 0 && !suffixes.isEmpty()) {
                searchIn(suffixes, host.substring(dot), search);
            }
            if (dot < last && !prefixes.isEmpty()) {
                searchIn(prefixes, host.substring(0, dot + 1), search);
            }
        }
    }

    private static void searchIn(Map<String, PathIndex> indexes, String key, Search search) {
        PathIndex index = indexes.get(key);
        if (index != null) {
            index.search(search);
        }
    }

    private static Map<String, PathIndex> indexes(Map<String, List<Candidate>> byHost) {
        Map<String, PathIndex> indexes = new HashMap<>();
        byHost.forEach((host, candidates) -> indexes.put(host, PathIndex.of(candidates)));
        return indexes;
    }
}
