package dev.sluice.model.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Candidates by the literal text that their path begins with. The texts stand in order, each with a pointer to the
 * longest other one that it begins with: those that a path begins with are then found by one binary search and a walk
 * along the pointers. A candidate without path stands under the empty text.
 */
final class PathIndex {
    private final String[] prefixes;
    private final int[] parents;
    private final CandidateList[] candidates;
    private final int bestRank;

    private PathIndex(SortedMap<String, List<Candidate>> byPrefix) {
        this.prefixes = byPrefix.keySet().toArray(new String[0]);
        this.parents = parents(prefixes);
        this.candidates = new CandidateList[prefixes.length];
        int place = 0;
        int best = Integer.MAX_VALUE;
        for (List<Candidate> sharing : byPrefix.values()) {
            CandidateList list = new CandidateList(sharing);
            best = Math.min(best, list.bestRank());
            candidates[place++] = list;
        }
        this.bestRank = best;
    }

    static PathIndex of(List<Candidate> candidates) {
        SortedMap<String, List<Candidate>> byPrefix = new TreeMap<>();
        for (Candidate candidate : candidates) {
            PathPattern path = candidate.subRoute().path();
            String prefix = path == null ? "" : path.literalPrefix();
            byPrefix.computeIfAbsent(prefix, key -> new ArrayList<>()).add(candidate);
        }
        return new PathIndex(byPrefix);
    }

    void search(Search search) {
        if (!search.wants(bestRank)) {
            return;
        }
        String path = search.path();
        int at = floor(path);
        while (at >= 0 && !path.startsWith(prefixes[at])) {
            at = parents[at];
        }
        for (; at >= 0; at = parents[at]) {
            candidates[at].search(search);
        }
    }

    /** The last prefix that is not after this path; all prefixes of the path are that one or among its parents. */
    private int floor(String path) {
        int low = 0;
        int high = prefixes.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (prefixes[middle].compareTo(path) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private static int[] parents(String[] ordered) {
        int[] parents = new int[ordered.length];
        for (int i = 0; i < ordered.length; i++) {
            int parent = i - 1;
            while (parent >= 0 && !ordered[i].startsWith(ordered[parent])) {
                parent = parents[parent];
            }
            parents[i] = parent;
        }
        return parents;
    }
}
