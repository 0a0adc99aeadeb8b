package dev.sluice.model.routing;

import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import java.util.Comparator;
import java.util.List;

/**
 * An upstream with its targets, as declared. Compared by content.
 *
 * @param targets in the order of their addresses' text
 */
public record UpstreamPlan(Upstream upstream, List<Target> targets) {
    public UpstreamPlan {
        targets = targets.stream()
                .sorted(Comparator.comparing(Target::target)
                        .thenComparing(target -> target.id().toString()))
                .toList();
    }
}
