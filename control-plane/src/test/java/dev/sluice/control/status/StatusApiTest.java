package dev.sluice.control.status;

import static dev.sluice.control.publish.FleetHarness.await;
import static dev.sluice.control.publish.ReportingRuntime.route;
import static dev.sluice.control.publish.ReportingRuntime.thisMinute;
import static dev.sluice.control.publish.ReportingRuntime.timed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // BeforeAll sets them
class StatusApiTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static final String VERSION = "/v1/services/example_service/versions/v.1/status";
    private static Head group;
    private static UUID mock;
    private static UUID other;
    private static ReportingRuntime one;
    private static ReportingRuntime two;

    @BeforeAll
    static void report() {
        group = plane.group("status");
        UUID version = plane.version(group, "example_service", "v.1");
        mock = plane.route(group, version, "mockbin");
        other = plane.route(group, version, "other");
        one = new ReportingRuntime("one", group);
        two = new ReportingRuntime("two", group);
        plane.taken(one.report(timed(mock, 200, 90, 2000), route(other, 503, 2), route(null, 404, 7)));
        plane.taken(two.report(timed(mock, 200, 10, 50_000), route(mock, 500, 1)));
        plane.taken(two.report(two.minute(thisMinute() - 40 * 60, route(mock, 200, 1000))));
        Head elsewhere = plane.group("elsewhere");
        plane.taken(new ReportingRuntime("three", elsewhere).report(route(null, 404, 100)));
    }

    private static long sumOfSeries(JsonNode status) {
        return StreamSupport.stream(status.path("series").spliterator(), false)
                .flatMap(point -> StreamSupport.stream(point.path("codes").spliterator(), false))
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    @Test
    void aVersionsRecordHoldsWhatItsRoutesAnswered() {
        ObjectNode status = plane.json(VERSION);

        assertThat(status.path("total").asLong()).isEqualTo(103);
        assertThat(status.path("codes").toString()).isEqualTo("{\"200\":100,\"500\":1,\"503\":2}");
        assertThat(status.path("step").asInt()).isEqualTo(60);
        assertThat(status.path("series").size()).isBetween(5, 7);
        assertThat(sumOfSeries(status)).isEqualTo(103);
        assertThat(status.path("latency").path("p50").asDouble()).isBetween(1.9, 2.1);
        assertThat(status.path("latency").path("p99").asDouble()).isBetween(49.0, 51.0);
        assertThat(status.has("groups")).isFalse();
    }

    @Test
    void aRecordCanBeDividedByRouteAndRuntime() {
        JsonNode byRoute = plane.json(VERSION + "?by=route").path("groups");
        JsonNode byBoth = plane.json(VERSION + "?by=code,route,runtime").path("groups");

        assertThat(byRoute).hasSize(2);
        JsonNode ofMock =
                byRoute.path(0).path("route").asText().equals(mock.toString()) ? byRoute.path(0) : byRoute.path(1);
        assertThat(ofMock.path("route_name").asText()).isEqualTo("mockbin");
        assertThat(ofMock.path("total").asLong()).isEqualTo(101);
        assertThat(sumOfSeries(ofMock)).isEqualTo(101);
        assertThat(byBoth).hasSize(3);
        assertThat(byBoth)
                .extracting(one -> one.path("route_name").asText() + " of "
                        + one.path("runtime_name").asText() + ": " + one.path("total"))
                .containsExactlyInAnyOrder("mockbin of one: 90", "other of one: 2", "mockbin of two: 11");
    }

    @Test
    void theSeriesOfAGroupHasNoEmptyPoints() {
        ObjectNode status =
                plane.json(VERSION + "?by=route,runtime&from=" + Instant.now().minusSeconds(3600));

        assertThat(status.path("series").size()).isBetween(60, 62);
        assertThat(status.path("groups")).hasSize(3).allSatisfy(one -> {
            assertThat(one.path("series")).hasSize(1);
            assertThat(sumOfSeries(one)).isEqualTo(one.path("total").asLong());
        });
    }

    @Test
    void aServicesRecordHoldsThoseOfItsVersions() {
        ObjectNode status = plane.json("/v1/services/example_service/status?by=version");

        assertThat(status.path("total").asLong()).isEqualTo(103);
        assertThat(status.path("groups")).hasSize(1);
        assertThat(status.path("groups").path(0).path("version_name").asText()).isEqualTo("v.1");
        assertThat(status.path("groups").path(0).path("total").asLong()).isEqualTo(103);
        assertThat(status.path("latency").path("p50").asDouble()).isBetween(1.9, 2.1);
    }

    @Test
    void tooManyRowsAreRefusedNamingWhatMakesThem() {
        StatusQuery query = StatusQuery.of(null, null, null, "route", Instant.now());
        StatusStore.Cell cell = new StatusStore.Cell(query.from(), StatusStore.Division.NONE, 200, 1);

        StatusReader.requireFew(query, Collections.nCopies(StatusStore.MAX_ROWS, cell));
        assertThatThrownBy(() -> StatusReader.requireFew(query, Collections.nCopies(StatusStore.MAX_ROWS + 1, cell)))
                .isInstanceOfSatisfying(InvalidConfigurationException.class, refused -> assertThat(refused.violations())
                        .extracting(Violation::field)
                        .containsExactly("step", "by"));
    }

    @Test
    void aRoutesRecordIsFoundByIdAndByName() {
        assertThat(plane.json("/v1/routes/mockbin/status").path("total").asLong())
                .isEqualTo(101);
        assertThat(plane.json("/v1/routes/" + other + "/status").path("total").asLong())
                .isEqualTo(2);
        assertThat(plane.get("/v1/routes/nothing/status", "application/json").statusCode())
                .isEqualTo(404);
    }

    @Test
    void theWholeSystemsRecordHoldsWhatNoRouteMatchedToo() {
        assertThat(plane.json("/v1/status").path("codes").path("404").asLong()).isEqualTo(107);
    }

    @Test
    void secondsMinutesAndHoursSayTheSame() {
        Instant now = Instant.now();
        ObjectNode seconds = plane.json(VERSION + "?step=5");
        ObjectNode hours = plane.json(VERSION + "?step=3600&from=" + now.minusSeconds(48 * 3600));

        assertThat(seconds.path("total").asLong()).isEqualTo(1103); // by arrival
        assertThat(hours.path("total").asLong()).isEqualTo(1103);
        assertThat(hours.path("latency").isNull()).isTrue();
        assertThat(sumOfSeries(hours)).isEqualTo(1103);
    }

    @Test
    void aRecordComesAsCsv() {
        HttpResponse<Buffer> response = plane.get(VERSION + "?by=route&step=3600", "text/csv");

        assertThat(response.getHeader("Content-Type")).isEqualTo("text/csv; charset=utf-8");
        String[] lines = response.bodyAsString().split("\r\n", -1);
        assertThat(lines[0]).isEqualTo("at,route,route_name,code,count");
        assertThat(lines).anyMatch(line -> line.endsWith("Z," + mock + ",\"mockbin\",200,100"));
        assertThat(lines).anyMatch(line -> line.endsWith("Z," + other + ",\"other\",503,2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"from=2020-01-01T00:00:00Z&step=7", "from=2030-01-01T00:00:00Z", "step=0", "by=weather", "from=x"
            })
    void whatCannotBeAnsweredIsRefused(String query) {
        assertThat(plane.get(VERSION + "?" + query, "application/json").statusCode())
                .isEqualTo(422);
    }

    @Test
    void whatIsNotThereHasNoRecord() {
        for (String path : new String[] {
            "/v1/services/nothing/versions/v.1/status",
            "/v1/services/nothing/status",
            "/v1/services/example_service/versions/v.9/status",
            "/v1/services/example_service/versions/v.9/status/live"
        }) {
            assertThat(plane.get(path, "application/json").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void itIsMeasuredAndPooled() {
        await(plane.vertx().timer(1));
        assertThat(plane.meters().scrape())
                .contains("sluice_reported_requests_total")
                .contains("sluice_db_connections")
                .contains("sluice_event_loop_lag_seconds")
                .contains("http_server_requests_seconds_count{operation=\"runtimeReport\",status=\"200\"}")
                .contains("jvm_memory_used_bytes");
    }
}
