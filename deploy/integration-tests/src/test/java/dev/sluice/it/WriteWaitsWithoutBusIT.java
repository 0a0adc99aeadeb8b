package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.settings.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without the event bus everything holds, a little later. */
class WriteWaitsWithoutBusIT {
    private static final int ROUNDS = 20;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2).set(Setting.CLUSTER, "off");

    @Test
    void aWaitingWriteIsServedByEitherRuntimeWithTheBusOff() {
        SLUICE.declare("polling", "", Map.of("name", "always", "paths", List.of("/always")));

        WriteWaitsForFleetIT.RoundTrips trips =
                new WriteWaitsForFleetIT.RoundTrips(SLUICE, "/v1/services/polling/versions/v.1/routes", 10);
        assertThat(trips.run(ROUNDS)).as("rounds that failed, of " + ROUNDS).isEmpty();
    }
}
