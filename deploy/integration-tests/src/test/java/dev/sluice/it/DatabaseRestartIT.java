package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL goes away and comes back: nobody has to be restarted. */
class DatabaseRestartIT {
    private static final String VERSION = "/v1/services/durable/versions/v.1";
    private static final int EACH = 20;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(2, 2);

    @Test
    void writesCountsAndNotificationsRecoverByThemselves() throws Exception {
        SLUICE.declare("durable", "", Map.of("name", "durable", "paths", List.of("/durable")));

        SLUICE.database().stop();
        try {
            ApiClient.Answer refused = SLUICE.api(0).post("/v1/services", Map.of("name", "too_early"));
            assertThat(refused.status()).as("%s", refused.body()).isEqualTo(503);
            assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
            for (Member runtime : SLUICE.runtimes()) {
                for (int i = 0; i < EACH; i++) {
                    assertThat(Http.get(runtime.address("/durable")).statusCode())
                            .isEqualTo(200);
                }
            }
        } finally {
            SLUICE.database().start();
        }

        Await.until(
                Duration.ofSeconds(10),
                "both control planes are ready",
                () -> SLUICE.controlPlane(0).isReady() && SLUICE.controlPlane(1).isReady());
        Await.until(Duration.ofSeconds(10), "both listen for notifications", () -> listeners() == 2);
        SLUICE.api(1)
                .waiting(10)
                .post(VERSION + "/routes", Map.of("name", "after", "paths", List.of("/after")))
                .require(201);
        for (Member runtime : SLUICE.runtimes()) {
            assertThat(Http.get(runtime.address("/after")).statusCode()).isEqualTo(200);
        }
        long sent = 2 * (EACH + 1);
        Await.until(
                Duration.ofSeconds(10),
                "the status shows all " + sent,
                () -> SLUICE.api(0)
                                .get(VERSION + "/status")
                                .require(200)
                                .body()
                                .path("total")
                                .asLong()
                        == sent);
    }

    private static long listeners() throws SQLException {
        try (Connection session = SLUICE.connect();
                Statement sql = session.createStatement();
                ResultSet rows = sql.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE application_name = 'sluice-listen' AND query LIKE 'LISTEN%'"
                        + " AND datname = current_database()")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
