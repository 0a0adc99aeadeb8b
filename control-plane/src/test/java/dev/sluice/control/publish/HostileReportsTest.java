package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static dev.sluice.control.publish.ReportingRuntime.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.HostileReports.Hostile;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a runtime sends may be anything; it has a certificate, not a good character. */
class HostileReportsTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static final long SEED = 20_261;
    private static final int REPORTS = 1000;
    private static final int AT_ONCE = 8;

    @Test
    void aThousandHostileReportsChangeNothingAndBringNoServerError() {
        Head group = plane.advance(plane.group("edge"));
        UUID route = plane.route(group, plane.version(group, "shop", "v.1"), "mockbin");
        ReportingRuntime hostile = new ReportingRuntime("hostile", group);
        ReportingRuntime victim = new ReportingRuntime("victim", group);
        long minute = ReportingRuntime.thisMinute();
        plane.taken(victim.report(victim.minute(minute, route(route, 200, 3))));
        plane.taken(hostile.report(hostile.minute(minute, route(route, 404, 5))));
        Map<String, String> before = tables();
        HostileReports reports = new HostileReports(
                SEED,
                () -> hostile.report(1000, hostile.minute(minute, route(route, 200, 777))),
                () -> hostile.report(1, hostile.minute(minute, route(route, 404, 5))),
                victim.id());
        Map<Integer, Integer> answers = new TreeMap<>();

        for (int sent = 0; sent < REPORTS; sent += AT_ONCE) {
            List<Hostile> batch = Stream.generate(reports::next).limit(AT_ONCE).toList();
            List<Future<Integer>> statuses = batch.stream()
                    .map(report -> sending(plane.calling(plane.runtimeApiPort(), hostile.id(), group.group()), report))
                    .toList();
            for (int i = 0; i < AT_ONCE; i++) {
                int status = await(statuses.get(i));
                answers.merge(status, 1, Integer::sum);
                assertThat(status)
                        .as("report %d: %s", sent + i, start(batch.get(i)))
                        .isIn(0, 200, 400, 403, 413, 415, 422);
            }
        }

        assertThat(answers.keySet()).as("%s", answers).contains(200, 400, 413, 415, 422);
        assertThat(answers.getOrDefault(0, 0)).as("cut off: %s", answers).isLessThan(REPORTS / 20);
        assertThat(tables()).isEqualTo(before);
        plane.taken(hostile.report(hostile.minute(minute, route(route, 404, 6))));
        plane.taken(victim.report(victim.minute(minute, route(route, 200, 4))));
        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE route_id = $1", route))
                .isEqualTo(6 + 4);
    }

    @Test
    void sqlInANameIsANameAndNothingMore() {
        String name = "'; DROP TABLE runtime; --";
        Head other = plane.group("names");
        ReportingRuntime runtime = new ReportingRuntime(name, other);

        plane.taken(runtime.refusing(other, "'||(SELECT version())||'").report());

        JsonNode shown = plane.json("/v1/runtime-groups/names/runtimes").at("/data/0");
        assertThat(shown.path("name").asText()).isEqualTo(name);
        assertThat(shown.at("/refusal/reason").asText()).isEqualTo("'||(SELECT version())||'");
    }

    @Test
    void aRuntimeCannotSpeakForAnother() {
        Head other = plane.group("others");
        ReportingRuntime one = new ReportingRuntime("one", other);
        ReportingRuntime two = new ReportingRuntime("two", other);
        plane.taken(two.report());
        Report report = one.report();
        RuntimeIdentity self = report.runtime();
        RuntimeIdentity pretended = new RuntimeIdentity(
                two.id(), self.name(), self.group(), self.host(), self.version(), self.boot(), self.startedAt());

        int status = await(sending(
                plane.calling(plane.runtimeApiPort(), one.id(), other.group()),
                new Hostile(
                        Buffer.buffer(WireJson.bytes(
                                new Report(pretended, report.sequence(), report.state(), report.counts()))),
                        null)));

        assertThat(status).isIn(403, 422);
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE group_id = $1", other.groupId()))
                .isEqualTo(1);
        assertThat(plane.json("/v1/runtime-groups/others/runtimes")
                        .at("/data/0/name")
                        .asText())
                .isEqualTo("two");
    }

    /** The status of the answer, or 0 where the connection was cut while the report was being sent. */
    private static Future<Integer> sending(HttpRequest<Buffer> call, Hostile report) {
        if (report.encoding() != null) {
            call.putHeader("Content-Encoding", report.encoding());
        }
        return call.sendBuffer(report.body()).map(HttpResponse::statusCode).otherwise(0);
    }

    private static String start(Hostile report) {
        Buffer body = report.body();
        return report.encoding() + " " + body.getString(0, Math.min(body.length(), 600));
    }

    /** What is in every table, but for when a runtime was last heard. */
    private static Map<String, String> tables() {
        Map<String, String> content = new TreeMap<>();
        for (Row table : plane.sql("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition")) {
            String name = table.getString(0);
            Row row = plane.sql(
                            "SELECT count(*) AS n, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS md5"
                                    + " FROM (SELECT (to_jsonb(r) - 'last_seen' - 'touched')::text AS t FROM \"" + name
                                    + "\" r) x")
                    .iterator()
                    .next();
            content.put(name, row.getLong("n") + " " + row.getString("md5"));
        }
        return content;
    }
}
