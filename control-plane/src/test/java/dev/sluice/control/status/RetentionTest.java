package dev.sluice.control.status;

import static dev.sluice.control.publish.FleetHarness.await;
import static dev.sluice.control.publish.ReportingRuntime.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.model.wire.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // BeforeEach sets it
class RetentionTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private Retention retention;

    @BeforeEach
    void retention() {
        retention = new Retention(plane.vertx(), plane.database());
    }

    private static List<String> partitions(RolledTable table) {
        return await(plane.database().read(connection -> new PartitionStore().partitions(connection, table)));
    }

    private static boolean fits(RolledTable table, Instant moment) {
        return partitions(table).contains(table.partitionAt(moment).name());
    }

    @Test
    void partitionsAreMadeAheadAndOldOnesGo() {
        Instant begin = Instant.now();
        await(retention.run(begin));
        assertThat(RolledTable.ALL).allMatch(table -> fits(table, begin) && fits(table, begin.plus(table.width())));

        for (List<RolledTable> alike : List.of(
                List.of(RolledTable.SECONDS),
                List.of(RolledTable.MINUTES, RolledTable.LATENCIES),
                List.of(RolledTable.HOURS))) {
            RolledTable first = alike.get(0);
            Instant end = first.partitionAt(begin).to().plus(first.keep());

            await(retention.run(end.minusSeconds(1)));
            assertThat(alike).as("still kept").allMatch(table -> fits(table, begin));
            await(retention.run(end.plusSeconds(1)));
            assertThat(alike).as("gone").noneMatch(table -> fits(table, begin));
            assertThat(alike).as("ahead").allMatch(table -> fits(table, end) && fits(table, end.plus(table.width())));
        }
    }

    @Test
    void aTableThatFailsDoesNotKeepTheOthersFromTheirPartitions() {
        Instant future = Instant.now().plus(Duration.ofDays(1500));
        String inTheWay = RolledTable.MINUTES.partitionAt(future).name();
        plane.sql("CREATE TABLE " + inTheWay + " ()");

        await(retention.run(future));
        assertThat(RolledTable.ALL).filteredOn(table -> !fits(table, future)).containsExactly(RolledTable.MINUTES);

        plane.sql("DROP TABLE " + inTheWay);
        await(retention.run(future));
        assertThat(RolledTable.ALL).allMatch(table -> fits(table, future));
    }

    @Test
    void runningTwiceOrTwiceAtOnceDoesNoHarm() {
        Instant now = Instant.now().plus(Duration.ofDays(400));

        var one = retention.run(now);
        var two = new Retention(plane.vertx(), plane.database()).run(now);
        await(one);
        await(two);
        await(retention.run(now));

        assertThat(fits(RolledTable.SECONDS, now)).isTrue();
    }

    @Test
    void whatCameBeforeItsPartitionMovesIntoIt() {
        Head group = plane.group("early");
        ReportingRuntime runtime = new ReportingRuntime("early", group);
        Instant future = Instant.now().plus(Duration.ofDays(900));
        plane.sql(
                "INSERT INTO status_minute VALUES ($1, $2, $3, $4, $5, 200, $5, 7, $1)",
                StatusStore.at(future),
                group.groupId(),
                runtime.id(),
                runtime.boot(),
                RouteIds.NONE);
        assertThat(plane.number("SELECT count(*) FROM status_minute_default WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(1);

        await(retention.run(future));

        assertThat(plane.number("SELECT count(*) FROM status_minute_default WHERE runtime_id = $1", runtime.id()))
                .isZero();
        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(7);
    }

    @Test
    void aReportThatWasNeverAcknowledgedIsNotCountedAgainAfterDays() {
        Head group = plane.group("away");
        UUID route = plane.route(group, plane.version(group, "away", "v.1"), "away");
        ReportingRuntime runtime = new ReportingRuntime("away", group);
        await(retention.run(Instant.now()));
        plane.taken(runtime.report(route(route, 503, 5)));
        plane.sql(
                "UPDATE status_minute SET touched = touched - interval '10 minutes' WHERE runtime_id = $1",
                runtime.id());
        Report last = runtime.report(route(route, 200, 9));
        plane.taken(last); // its answer gets lost, and the runtime is cut off

        await(retention.run(Instant.now().plus(Duration.ofDays(3))));
        plane.taken(last);

        assertThat(plane.number("SELECT sum(n) FROM status_hour WHERE runtime_id = $1 AND code = 200", runtime.id()))
                .isEqualTo(9);
        assertThat(plane.number(
                        "SELECT count(*) FROM status_minute WHERE runtime_id = $1 AND code = 503", runtime.id()))
                .isZero();

        await(retention.run(Instant.now().plus(Duration.ofDays(100))));
        assertThat(plane.number("SELECT count(*) FROM status_minute WHERE runtime_id = $1", runtime.id()))
                .isZero();
    }

    @Test
    void aRuntimeThatIsGoneForADayIsForgottenAndItsCountsStay() {
        Head group = plane.group("forgotten");
        ReportingRuntime runtime = new ReportingRuntime("forgotten", group);
        plane.taken(runtime.report(route(null, 404, 2)));

        await(retention.run(Instant.now().plus(Duration.ofHours(23))));
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", runtime.id()))
                .isEqualTo(1);
        await(retention.run(Instant.now().plus(Duration.ofHours(24)).plusSeconds(5)));

        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", runtime.id()))
                .isZero();
        assertThat(plane.number("SELECT sum(n) FROM status_hour WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(2);
    }
}
