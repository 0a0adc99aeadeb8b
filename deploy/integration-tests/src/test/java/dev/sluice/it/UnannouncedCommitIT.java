package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A control plane dies after its transaction is committed and before anybody was told: the fleet serves it all the same. */
class UnannouncedCommitIT {
    private static final long GATE = 7_700_001;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(2, 2);

    @Test
    void whatADeadControlPlaneCommittedIsServedEverywhere() throws Exception {
        SLUICE.declare("orphan", "", Map.of("name", "before", "paths", List.of("/before")));
        long before = SLUICE.headRevision(1);

        try (Connection gate = SLUICE.connect();
                Statement sql = gate.createStatement()) {
            // The commit itself waits for this lock, and completes on the server although its client is dead by then.
            sql.execute("CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN NULL; END $$");
            sql.execute("CREATE CONSTRAINT TRIGGER wait_at_commit AFTER UPDATE ON group_head"
                    + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()");
            sql.execute("SELECT pg_advisory_lock(" + GATE + ")");

            ExecutorService operator = Executors.newSingleThreadExecutor();
            try {
                Future<String> answer = operator.submit(UnannouncedCommitIT::declareAnotherRoute);
                Await.until(Duration.ofSeconds(10), "the commit waits", () -> waiting(sql));
                SLUICE.controlPlane(0).kill();
                assertThat(answer.get()).isEqualTo("no answer");
            } finally {
                operator.shutdown();
            }
            sql.execute("SELECT pg_advisory_unlock(" + GATE + ")");
        }

        Await.until(
                Duration.ofSeconds(5), "the other control plane has it", () -> SLUICE.headRevision(1) == before + 1);
        for (Member runtime : SLUICE.runtimes()) {
            Await.until(
                    Duration.ofSeconds(5),
                    runtime.name() + " serves it",
                    () -> Http.isOk(runtime.address("/orphaned")));
        }
    }

    private static String declareAnotherRoute() {
        try {
            return SLUICE.api(0)
                    .post(
                            "/v1/services/orphan/versions/v.1/routes",
                            Map.of("name", "orphaned", "paths", List.of("/orphaned")))
                    .response()
                    .toString();
        } catch (UncheckedIOException e) {
            return "no answer";
        }
    }

    private static boolean waiting(Statement sql) throws SQLException {
        try (ResultSet rows = sql.executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                + " AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            return rows.next() && rows.getLong(1) == 1;
        }
    }
}
