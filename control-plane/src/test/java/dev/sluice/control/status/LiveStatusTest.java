package dev.sluice.control.status;

import static dev.sluice.control.publish.FleetHarness.await;
import static dev.sluice.control.publish.ReportingRuntime.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // BeforeAll sets them
class LiveStatusTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static Head group;

    @BeforeAll
    static void group() {
        group = plane.group("live");
    }

    /** A live view as a console opens it. */
    private static final class View {
        private final HttpClient client = plane.vertx().createHttpClient();
        private final List<String> parts = new CopyOnWriteArrayList<>();
        private final HttpClientResponse response;

        private View(String service) {
            response = await(client.request(new RequestOptions()
                            .setMethod(HttpMethod.GET)
                            .setHost("127.0.0.1")
                            .setPort(plane.apiPort())
                            .setURI("/v1/services/" + service + "/versions/v.1/status/live")
                            .putHeader("Accept-Encoding", "gzip")
                            .putHeader("Authorization", "Bearer admin-token"))
                    .compose(request -> request.send())
                    .map(opened -> opened.handler(part -> parts.add(part.toString(StandardCharsets.UTF_8)))));
        }

        private List<ObjectNode> events(String kind) {
            List<ObjectNode> events = new ArrayList<>();
            String all = String.join("", parts);
            String complete = all.substring(0, all.lastIndexOf("\n\n") + 1);
            for (String event : complete.split("\n\n", -1)) {
                if (event.startsWith("event: " + kind + "\ndata: ")) {
                    events.add(ConfigJson.object(
                            event.substring(event.indexOf("data: ") + 6).getBytes(StandardCharsets.UTF_8)));
                }
            }
            return events;
        }

        private long shown() {
            return sum(events("status")) + sum(events("delta"));
        }

        private static long sum(List<ObjectNode> events) {
            return events.stream()
                    .mapToLong(event -> event.path("total").asLong())
                    .sum();
        }

        private void close() {
            await(client.close());
        }
    }

    @Test
    void theRecordShowsSoonAndEachRequestOnce() {
        UUID route = plane.route(group, plane.version(group, "watched", "v.1"), "watched");
        ReportingRuntime runtime = new ReportingRuntime("watched", group);
        long minute = ReportingRuntime.thisMinute();
        plane.taken(runtime.report(runtime.minute(minute, route(route, 200, 5))));
        View view = new View("watched");
        plane.until("the first event", () -> !view.events("status").isEmpty());

        assertThat(view.response.getHeader("Content-Type")).isEqualTo("text/event-stream");
        assertThat(view.events("status").get(0).path("total").asLong()).isEqualTo(5);
        for (int i = 1; i <= 10; i++) {
            long begin = System.nanoTime();
            long expected = 5 + 3L * i;
            plane.taken(runtime.report(runtime.minute(minute, route(route, 200, expected))));
            plane.until("the delta", () -> view.shown() >= expected);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }

        assertThat(view.shown()).isEqualTo(35);
        JsonNode last = view.events("delta").get(view.events("delta").size() - 1);
        assertThat(last.path("routes").path(0).path("id").asText()).isEqualTo(route.toString());
        assertThat(last.path("codes").path("200").asLong()).isEqualTo(3);
        assertThat(last.path("series").path(0).path("at").asText()).endsWith("Z");
        view.close();
    }

    @Test
    void aViewThatOpensInBetweenMissesNothingAndDoublesNothing() {
        UUID route = plane.route(group, plane.version(group, "between", "v.1"), "between");
        ReportingRuntime runtime = new ReportingRuntime("between", group);
        long minute = ReportingRuntime.thisMinute();
        List<View> views = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            plane.taken(runtime.report(runtime.minute(minute, route(route, 404, i))));
            if (i % 4 == 0) {
                views.add(new View("between"));
            }
        }

        for (View view : views) {
            plane.until("all of it", () -> view.shown() >= 20);
            assertThat(view.shown()).isEqualTo(20);
            view.close();
        }
    }

    @Test
    void aViewEndsWithItsClient() {
        UUID ignored = plane.version(group, "closing", "v.1");
        View view = new View("closing");
        plane.until("the first event", () -> !view.events("status").isEmpty());
        assertThat(plane.meters().scrape()).doesNotContain("sluice_live_views 0.0");

        view.close();

        plane.until("no view is left", () -> plane.meters().scrape().contains("sluice_live_views 0.0"));
        assertThat(ignored).isNotNull();
    }
}
