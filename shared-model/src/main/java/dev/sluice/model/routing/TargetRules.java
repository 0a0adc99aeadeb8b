package dev.sluice.model.routing;

import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.problem.Violation;
import java.util.List;

/** What a target must fulfil to be served. Fields are named as in JSON, relative to the target. */
public final class TargetRules {
    private TargetRules() {}

    /** All faults, none when the target can be served. */
    public static List<Violation> check(Target target) {
        Faults faults = new Faults();
        try {
            TargetAddress address = TargetAddress.parse(target.target());
            faults.addIf(
                    !UpstreamRules.isHost(address.host()),
                    "target",
                    "pattern",
                    "Must be a host name or IP address with a port, such as backend.internal:8080");
            faults.addIf(
                    !address.toString().equals(target.target()),
                    "target",
                    "not_normalised",
                    "Must be written as '" + address + "'");
        } catch (IllegalArgumentException e) {
            faults.add("target", "pattern", String.valueOf(e.getMessage()));
        }
        faults.outside("weight", target.weight(), 0, 65_535);
        faults.tags(target.tags());
        return faults.all();
    }
}
