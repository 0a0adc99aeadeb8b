package dev.sluice.model.routing;

import java.util.Comparator;
import java.util.List;

/** Which of several routes that match a request wins: the first in this order. Each step has a name, to be told. */
final class RoutingOrder {
    private record Step(Comparator<SubRoute> comparator, String reason) {}

    private static final List<Step> STEPS = List.of(
            new Step(
                    Comparator.comparingInt(SubRoute::numberOfKinds).reversed(),
                    "the winner sets more kinds of field (host, header, path, method, SNI)"),
            new Step(
                    Comparator.comparingInt(SubRoute::kinds).reversed(),
                    "the winner's kinds of field weigh more (host, header, path, method, SNI, in this order)"),
            new Step(
                    Comparator.comparingInt(SubRoute::weight).reversed(),
                    "a wildcard host with a port goes before plain hosts, and those before having a regex path"),
            new Step(
                    Comparator.comparingInt(
                                    (SubRoute sub) -> sub.target().headers().size())
                            .reversed(),
                    "the winner names more headers"),
            new Step(
                    Comparator.comparingInt(SubRoute::regexPriority).reversed(),
                    "the winner's regex_priority is higher"),
            new Step(Comparator.comparingInt(SubRoute::prefixLength).reversed(), "the winner's path is longer"),
            new Step(Comparator.comparing(sub -> sub.target().route().createdAt()), "the winner is older"),
            new Step(
                    Comparator.comparing(sub -> sub.target().route().id().toString()),
                    "all else is equal, and the winner's id is lower"),
            new Step(Comparator.comparingInt(SubRoute::pathIndex), "the winner's path is declared earlier"));

    static final Comparator<SubRoute> COMPARATOR = (left, right) -> {
        for (Step step : STEPS) {
            int order = step.comparator().compare(left, right);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    private RoutingOrder() {}

    /** What put the second of two that both match behind the first. */
    static String reason(SubRoute winner, SubRoute loser) {
        for (Step step : STEPS) {
            if (step.comparator().compare(winner, loser) != 0) {
                return step.reason();
            }
        }
        return "both are the same";
    }
}
