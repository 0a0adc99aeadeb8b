package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The database is restored to an earlier state under a running fleet: runtimes take it once an operator says so. */
class DatabaseRestoreIT {
    private static final String ROUTES = "/v1/services/restored/versions/v.1/routes";
    private static final int LATER = 4;
    private static final List<String> TABLES = List.of("config_entity", "revision");

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void afterARaisedEpochRuntimesServeTheRestoredRevisionThoughItsNumberIsLower() throws Exception {
        SLUICE.declare("restored", "", Map.of("name", "kept", "paths", List.of("/kept")));
        long backedUp = SLUICE.headRevision(0);
        backUp();
        for (int i = 1; i <= LATER; i++) {
            SLUICE.api()
                    .waiting(30)
                    .post(ROUTES, Map.of("name", "later-" + i, "paths", List.of("/later/" + i)))
                    .require(201);
        }
        assertServed("/later/" + LATER, 200);

        restore();

        for (Member runtime : SLUICE.runtimes()) {
            Await.until(Duration.ofSeconds(30), runtime.name() + " refuses what is older", () -> SLUICE.directoryEntry(
                            0, runtime)
                    .path("refusal")
                    .path("reason")
                    .asText()
                    .contains("older"));
        }
        assertServed("/later/" + LATER, 200);

        JsonNode raised = SLUICE.api()
                .waiting(30)
                .post("/v1/runtime-groups/default/epoch", Map.of())
                .require(200)
                .body();

        assertThat(raised.path("revision").asLong()).isEqualTo(backedUp);
        assertServed("/later/" + LATER, 404);
        assertServed("/kept", 200);
        for (Member runtime : SLUICE.runtimes()) {
            JsonNode entry = SLUICE.directoryEntry(0, runtime);
            assertThat(entry.path("epoch").asLong())
                    .isEqualTo(raised.path("epoch").asLong());
            assertThat(entry.path("revision").asLong()).isEqualTo(backedUp);
        }
        SLUICE.api()
                .waiting(30)
                .post(ROUTES, Map.of("name", "after", "paths", List.of("/after")))
                .require(201);
        assertServed("/after", 200);
    }

    private static void assertServed(String path, int status) throws Exception {
        for (Member runtime : SLUICE.runtimes()) {
            assertThat(Http.get(runtime.address(path)).statusCode())
                    .as(runtime.name())
                    .isEqualTo(status);
        }
    }

    /** Of what revisions consist of; nothing else changes in between. */
    private static void backUp() throws SQLException {
        try (Connection session = SLUICE.connect();
                Statement sql = session.createStatement()) {
            for (String table : TABLES) {
                sql.execute("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table);
            }
            sql.execute("CREATE TABLE kept_group_head AS SELECT * FROM group_head");
        }
    }

    private static void restore() throws SQLException {
        try (Connection session = SLUICE.connect();
                Statement sql = session.createStatement()) {
            session.setAutoCommit(false);
            for (String table : TABLES) {
                sql.execute("DELETE FROM " + table);
                sql.execute("INSERT INTO " + table + " SELECT * FROM kept_" + table);
            }
            sql.execute("UPDATE group_head h SET epoch = k.epoch, revision = k.revision, digest = k.digest"
                    + " FROM kept_group_head k WHERE k.group_id = h.group_id");
            session.commit();
        }
    }
}
