package dev.sluice.model.routing;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why a request goes where it goes.
 *
 * @param path the request's path as it was compared
 * @param winner null when no route matches
 * @param losers why other routes lost, those that came closest first; at most {@link #MOST_LOSERS}
 * @param totalLosers how many there are in all
 */
public record Explanation(String path, @Nullable Winner winner, List<Loser> losers, int totalLosers) {
    public static final int MOST_LOSERS = 100;

    public Explanation {
        losers = List.copyOf(losers);
    }

    /**
     * @param implementationUrl null when the route's version has no implementation: the answer is 503
     * @param upstreamPath the path that would be sent
     * @param matchedPath which of the route's paths matched, as declared; null when it has none
     * @param strippedPrefix what is taken off the path; null when nothing is
     * @param schemeCheck what becomes of the request by its scheme
     * @param warnings sentences about what the operator may not have meant
     */
    public record Winner(
            UUID routeId,
            @Nullable String name,
            UUID versionId,
            @Nullable String implementationUrl,
            String upstreamPath,
            @Nullable String matchedPath,
            @Nullable String strippedPrefix,
            SchemeCheck schemeCheck,
            List<String> warnings) {
        public Winner {
            warnings = List.copyOf(warnings);
        }
    }

    /** @param reason one clause: the first field that does not match, or the rule that put it behind the winner */
    public record Loser(UUID routeId, @Nullable String name, String reason) {}
}
