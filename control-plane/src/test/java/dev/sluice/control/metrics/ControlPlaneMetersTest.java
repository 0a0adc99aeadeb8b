package dev.sluice.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ControlPlaneMetersTest {
    private final ControlPlaneMeters meters = new ControlPlaneMeters();

    @Test
    void requestsAreCountedByOperationAndStatus() {
        meters.requestEnded("createRoute", 201, Duration.ofMillis(5));
        meters.requestEnded("createRoute", 201, Duration.ofMillis(7));
        meters.requestEnded("createRoute", 422, Duration.ofMillis(1));

        assertThat(meters.scrape())
                .contains("http_server_requests_seconds_count{operation=\"createRoute\",status=\"201\"} 2")
                .contains("http_server_requests_seconds_sum{operation=\"createRoute\",status=\"201\"} 0.012")
                .contains("http_server_requests_seconds_count{operation=\"createRoute\",status=\"422\"} 1");
    }

    @Test
    void headsAndRuntimesAreThoseOfTheLastReading() {
        meters.heads(Map.of("default", 1L, "old", 9L));
        meters.heads(Map.of("default", 2L));
        meters.runtimes(List.of(new ControlPlaneMeters.RuntimeCount("default", "live", 3)));
        meters.runtimes(List.of(new ControlPlaneMeters.RuntimeCount("default", "gone", 3)));

        assertThat(meters.scrape())
                .contains("sluice_revision_head{group=\"default\"} 2.0")
                .contains("sluice_runtimes{group=\"default\",state=\"gone\"} 3.0")
                .doesNotContain("old")
                .doesNotContain("live\"");
    }

    @Test
    void propagationFallsIntoBuckets() {
        meters.propagated("default", 0.3);

        assertThat(meters.scrape())
                .contains("sluice_propagation_seconds_bucket{group=\"default\",le=\"0.25\"} 0")
                .contains("sluice_propagation_seconds_bucket{group=\"default\",le=\"0.5\"} 1");
    }

    @Test
    void eventLoopLagIsMeasured() throws Exception {
        Vertx vertx = Vertx.vertx();
        EventLoopLag lag = EventLoopLag.start(vertx, meters);
        Pattern count = Pattern.compile("sluice_event_loop_lag_seconds_count (\\d+)");
        Matcher measured = count.matcher(meters.scrape());
        for (int i = 0; i < 200 && !(measured.find() && !measured.group(1).equals("0")); i++) {
            vertx.timer(100, TimeUnit.MILLISECONDS).await(5, TimeUnit.SECONDS);
            measured = count.matcher(meters.scrape());
        }

        assertThat(measured.group(1)).isNotEqualTo("0");
        lag.stop();
        vertx.close().await(5, TimeUnit.SECONDS);
    }
}
