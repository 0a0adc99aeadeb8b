package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static dev.sluice.control.publish.ReportingRuntime.route;
import static dev.sluice.control.publish.ReportingRuntime.thisMinute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.enrolment.JoinedRuntime;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever becomes of reports on their way, the record holds each request once. */
@SuppressWarnings("NullAway.Init") // BeforeAll sets them
class ExactCountsTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static final int[] CODES = {200, 404, 503};
    private static Head group;
    private static UUID version;
    private static final List<@Nullable UUID> routes = new ArrayList<>();
    private static int secondControlPlane;

    @BeforeAll
    static void declare() {
        group = plane.group("exact");
        version = plane.version(group, "exact", "v.1");
        routes.add(null);
        for (int i = 0; i < 3; i++) {
            routes.add(plane.route(group, version, "exact-" + i));
        }
        RuntimeApiServer server =
                plane.anotherServer(plane.postgres().settings(), name -> Future.succeededFuture(Snapshot.empty(name)));
        secondControlPlane = await(server.listen()).port();
    }

    private record Row(UUID boot, long minute, @Nullable UUID route, int code) {}

    /** A runtime's own truth, and every report that it could have sent on the way there. */
    private static final class Model {
        private final Random random;
        private final ReportingRuntime runtime;
        private final Map<Row, Long> truth = new HashMap<>();
        private final List<Report> reports = new ArrayList<>();
        private long minute = thisMinute() - 3;

        private Model(long seed) {
            random = new Random(seed);
            runtime = new ReportingRuntime("exact-" + seed, group);
        }

        private void live(int steps) {
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(4) == 0) {
                    minute++;
                }
                if (random.nextInt(12) == 0) {
                    runtime.restarted(System.currentTimeMillis() + i);
                }
                List<Row> changed = new ArrayList<>();
                for (int j = 0; j <= random.nextInt(4); j++) {
                    Row row = new Row(
                            runtime.boot(),
                            minute,
                            routes.get(random.nextInt(routes.size())),
                            CODES[random.nextInt(3)]);
                    truth.merge(row, 1L + random.nextInt(5), Long::sum);
                    changed.add(row);
                }
                // Earlier rows come again, as they do while no answer has come.
                truth.keySet().stream().filter(row -> random.nextInt(3) == 0).forEach(changed::add);
                reports.add(runtime.report(counts(Set.copyOf(changed))));
            }
        }

        private BootCounts[] counts(Collection<Row> rows) {
            return rows.stream().collect(Collectors.groupingBy(Row::boot)).entrySet().stream()
                    .map(boot -> new BootCounts(
                            boot.getKey(),
                            boot.getValue().stream().map(this::counts).toList()))
                    .toArray(BootCounts[]::new);
        }

        private MinuteCounts counts(Row row) {
            CodeCount count = new CodeCount(row.code, truth.getOrDefault(row, 0L));
            return new MinuteCounts(row.minute, List.of(new RouteCounts(row.route, List.of(count), null)));
        }

        private long total() {
            return truth.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @RepeatedTest(6)
    void lostDoubledLateReorderedAndConcurrentReportsLeaveExactTotals(RepetitionInfo repetition) {
        Model model = new Model(repetition.getCurrentRepetition());
        model.live(40);
        List<Report> sent = new ArrayList<>(model.reports);
        sent.addAll(model.reports.subList(10, 30)); // doubled
        sent.removeAll(model.reports.subList(5, 8)); // lost
        Collections.shuffle(sent, model.random);
        // What was never acknowledged is sent until it is: the last report of all holds every final value.
        sent.add(model.runtime.report(model.counts(model.truth.keySet())));

        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            answers.add(plane.sending(sent.get(i), i % 2 == 0 ? plane.runtimeApiPort() : secondControlPlane));
        }
        answers.forEach(answer -> assertThat(await(answer).statusCode()).isEqualTo(200));

        UUID id = model.runtime.id();
        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE runtime_id = $1", id))
                .isEqualTo(model.total());
        assertThat(plane.number("SELECT sum(n) FROM status_second WHERE runtime_id = $1", id))
                .isEqualTo(model.total());
        assertThat(plane.number("SELECT sum(n) FROM status_hour WHERE runtime_id = $1", id))
                .isEqualTo(model.total());
        model.truth.forEach((row, n) -> assertThat(plane.number(
                        "SELECT n FROM status_minute WHERE runtime_id = $1 AND boot = $2"
                                + " AND minute = to_timestamp($3 * 60) AND code = $4 AND route_id = $5",
                        id,
                        row.boot,
                        row.minute,
                        row.code,
                        row.route == null ? new UUID(0, 0) : row.route))
                .isEqualTo(n));
        assertThat(plane.number(
                        "SELECT count(*) FROM status_minute WHERE runtime_id = $1 AND version_id NOT IN ($2, $3)",
                        id,
                        version,
                        new UUID(0, 0)))
                .isZero();
    }

    @Test
    void routesThatWereNeverInTheGroupArePassedOverAndTheOthersKept() {
        Head other = plane.group("other-exact");
        UUID foreign = plane.route(other, plane.version(other, "other-exact", "v.1"), "foreign");
        ReportingRuntime runtime = new ReportingRuntime("passing", group);

        plane.taken(runtime.report(
                route(UUID.randomUUID(), 200, 5), route(foreign, 200, 7), route(routes.get(1), 200, 11)));

        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(11);
    }

    @Test
    void aRouteThatIsGoneIsStillCounted() {
        UUID gone = plane.route(group, version, "gone");
        plane.sql("UPDATE config_entity SET valid_to = 2 WHERE id = $1", gone);
        ReportingRuntime runtime = new ReportingRuntime("late", group);

        plane.taken(runtime.report(route(gone, 200, 4)));

        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE route_id = $1", gone))
                .isEqualTo(4);
    }

    @Test
    void latencyIsReplacedByWhatHoldsMoreRequests() {
        ReportingRuntime runtime = new ReportingRuntime("timed", group);
        UUID route = routes.get(1);

        long minute = thisMinute();
        plane.taken(runtime.report(runtime.minute(minute, ReportingRuntime.timed(route, 200, 10, 5000))));
        plane.taken(runtime.report(runtime.minute(minute, ReportingRuntime.timed(route, 200, 3, 9000))));

        assertThat(plane.number("SELECT total FROM latency_minute WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(10);
    }

    @Test
    void aReportOfTheLargestSizeIsTakenTwiceAndCountedOnce() {
        List<RouteCounts> rows = new ArrayList<>();
        for (var row : plane.sql(
                "INSERT INTO route_owner SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 5000)"
                        + " RETURNING route_id",
                group.groupId(),
                version)) {
            rows.add(new RouteCounts(
                    row.getUUID(0),
                    List.of(new CodeCount(200, 5), new CodeCount(404, 1), new CodeCount(499, 1), new CodeCount(503, 1)),
                    null));
        }
        ReportingRuntime runtime = new ReportingRuntime("large", group);

        var minute = runtime.minute(thisMinute(), rows.toArray(RouteCounts[]::new));
        plane.taken(runtime.report(minute));
        plane.taken(runtime.report(minute));

        assertThat(plane.number("SELECT sum(n) FROM status_hour WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(40_000);
    }

    @Test
    void aRuntimeCannotSpeakForAnother() {
        ReportingRuntime victim = new ReportingRuntime("victim", group);
        Report report = victim.report(route(null, 200, 1));
        JoinedRuntime liar = plane.joined(UUID.randomUUID(), group.groupId());
        HttpResponse<Buffer> response = await(liar.web()
                .post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH)
                .sendBuffer(Buffer.buffer(WireJson.bytes(report))));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.bodyAsString()).contains("another runtime than the certificate");
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", victim.id()))
                .isZero();
        assertThat(plane.number("SELECT count(*) FROM status_minute WHERE runtime_id = $1", victim.id()))
                .isZero();
    }

    @Test
    void aRuntimeCannotReportForAnotherGroupButForItsOwnUnderAFormerName() {
        Head other = plane.group("another-exact");
        UUID id = plane.joined(UUID.randomUUID(), group.groupId()).id();

        assertThat(reportAs(id, new ReportingRuntime(id, "stray", other))).isEqualTo(403);
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", id))
                .isZero();

        Head former = new Head(group.groupId(), "exact-as-it-was", group.revision());
        assertThat(reportAs(id, new ReportingRuntime(id, "stray", former))).isEqualTo(200);
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1 AND group_id = $2", id, group.groupId()))
                .isEqualTo(1);
    }

    private static int reportAs(UUID id, ReportingRuntime runtime) {
        return await(plane.joined(id, group.groupId())
                        .web()
                        .post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH)
                        .sendBuffer(Buffer.buffer(WireJson.bytes(runtime.report()))))
                .statusCode();
    }
}
