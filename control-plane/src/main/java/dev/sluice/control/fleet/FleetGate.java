package dev.sluice.control.fleet;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Lets a write wait until the fleet serves it. */
@FunctionalInterface
public interface FleetGate {
    /**
     * Completes once every runtime of these groups that is live or stale serves its group's head or a later revision,
     * at the latest after this time: then some of the answer are not {@link RuntimeProgress#serving()}. Completes at
     * once, with an empty list, where there is no such runtime.
     */
    Future<List<RuntimeProgress>> awaitServing(List<Head> heads, Duration atMost);
}
