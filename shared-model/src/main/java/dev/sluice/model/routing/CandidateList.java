package dev.sluice.model.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Candidates of one host and one literal prefix, best first. Many of them that each want a header of a certain value, as
 * one route for each tenant, are looked up by that value rather than tried one after the other.
 */
final class CandidateList {
    /** Fewer than this are tried one after the other. */
    private static final int MANY = 6;

    private final Candidate[] tried;
    private final List<ByHeader> lookedUp = new ArrayList<>();
    private final int bestRank;

    private record ByHeader(String name, Map<String, Candidate[]> byValue) {}

    CandidateList(List<Candidate> candidates) {
        List<Candidate> ordered = new ArrayList<>(candidates);
        ordered.sort(Comparator.comparingInt(Candidate::rank));
        this.bestRank = ordered.get(0).rank();
        if (ordered.size() < MANY) {
            this.tried = ordered.toArray(new Candidate[0]);
            return;
        }
        List<Candidate> others = new ArrayList<>();
        Map<String, Map<String, List<Candidate>>> byHeader = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Candidate candidate : ordered) {
            candidate.subRoute().target().headers().stream()
                    .filter(header -> header.regex() == null)
                    .findFirst()
                    .ifPresentOrElse(
                            header -> header.values()
                                    .forEach(value -> byHeader.computeIfAbsent(header.name(), name -> new HashMap<>())
                                            .computeIfAbsent(value, key -> new ArrayList<>())
                                            .add(candidate)),
                            () -> others.add(candidate));
        }
        this.tried = others.toArray(new Candidate[0]);
        byHeader.forEach((name, byValue) -> {
            Map<String, Candidate[]> arrays = new HashMap<>();
            byValue.forEach((value, sharing) -> arrays.put(value, sharing.toArray(new Candidate[0])));
            lookedUp.add(new ByHeader(name, arrays));
        });
    }

    int bestRank() {
        return bestRank;
    }

    void search(Search search) {
        if (!search.wants(bestRank)) {
            return;
        }
        offer(tried, search);
        for (int i = 0; i < lookedUp.size(); i++) {
            ByHeader header = lookedUp.get(i);
            List<String> values = search.request().headerValues(header.name());
            for (int j = 0; j < values.size(); j++) {
                Candidate[] candidates = header.byValue().get(values.get(j).toLowerCase(Locale.ROOT));
                if (candidates != null) {
                    offer(candidates, search);
                }
            }
        }
    }

    private static void offer(Candidate[] candidates, Search search) {
        for (Candidate candidate : candidates) {
            if (!search.wants(candidate.rank())) {
                return;
            }
            search.offer(candidate);
        }
    }
}
