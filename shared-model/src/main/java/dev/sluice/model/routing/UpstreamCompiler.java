package dev.sluice.model.routing;

import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.problem.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Collects upstreams and targets and their faults, then joins them. */
final class UpstreamCompiler {
    private final List<Violation> faults;
    private final Map<UUID, Upstream> upstreams = new LinkedHashMap<>();
    private final Map<String, UUID> idByName = new HashMap<>();
    private final Map<UUID, Map<String, Target>> targets = new HashMap<>();

    /** @param faults to be added to */
    UpstreamCompiler(List<Violation> faults) {
        this.faults = faults;
    }

    void add(Upstream upstream) {
        String where = "upstreams[" + upstream.id() + "]";
        UpstreamRules.check(upstream).forEach(fault -> faults.add(fault.within(where)));
        upstreams.put(upstream.id(), upstream);
        if (idByName.put(upstream.name(), upstream.id()) != null) {
            faults.add(new Violation(where + ".name", "conflict", "There is another upstream " + upstream.name()));
        }
    }

    void add(Target target) {
        String where = "targets[" + target.id() + "]";
        TargetRules.check(target).forEach(fault -> faults.add(fault.within(where)));
        Map<String, Target> siblings = targets.computeIfAbsent(target.upstreamId(), id -> new HashMap<>());
        if (siblings.put(target.target(), target) != null) {
            faults.add(
                    new Violation(where + ".target", "conflict", "Its upstream has another target " + target.target()));
        }
    }

    /** By name. */
    Map<String, UpstreamPlan> compile() {
        targets.forEach((upstream, children) -> {
            if (!upstreams.containsKey(upstream)) {
                children.values()
                        .forEach(target -> faults.add(new Violation(
                                "targets[" + target.id() + "].upstream_id",
                                "not_found",
                                "There is no upstream " + upstream + " in this runtime group")));
            }
        });
        Map<String, UpstreamPlan> byName = new HashMap<>();
        upstreams
                .values()
                .forEach(upstream -> byName.put(
                        upstream.name(),
                        new UpstreamPlan(
                                upstream,
                                new ArrayList<>(targets.getOrDefault(upstream.id(), Map.of())
                                        .values()))));
        return byName;
    }
}
