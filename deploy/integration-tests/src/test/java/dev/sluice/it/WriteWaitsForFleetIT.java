package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A write that was asked to wait is answered when every runtime serves it, not before. */
class WriteWaitsForFleetIT {
    private static final int ROUNDS = 1000;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void theRequestAfterAWaitingWriteIsServedByEitherRuntime() {
        SLUICE.declare("waiting", "", Map.of("name", "always", "paths", List.of("/always")));

        RoundTrips trips = new RoundTrips(SLUICE, "/v1/services/waiting/versions/v.1/routes", 5);
        assertThat(trips.run(ROUNDS)).as("rounds that failed, of " + ROUNDS).isEmpty();
    }

    /** Create a route that never was there before, request it from every runtime at once, delete it. */
    record RoundTrips(Sluice sluice, String routes, int waitSeconds) {
        /** What went wrong, a line each. */
        List<String> run(int rounds) {
            List<String> wrong = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                ApiClient.Answer created = sluice.api()
                        .waiting(waitSeconds)
                        .post(routes, Map.of("name", "brief", "paths", List.of("/brief-" + round + "-")));
                if (created.status() != 201) {
                    wrong.add("round " + round + ": " + created.status() + " " + created.body());
                }
                for (Member runtime : sluice.runtimes()) {
                    HttpResponse<String> answer = Http.get(runtime.address("/brief-" + round + "-"));
                    if (answer.statusCode() != 200) {
                        wrong.add("round " + round + ": " + runtime.name() + " answered " + answer.statusCode());
                    }
                }
                sluice.api().delete(routes + "/brief").require(204);
            }
            return wrong;
        }
    }
}
