package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Configuration changes ten times a second under load: nothing is lost, nothing goes astray. */
class ConfigurationChurnIT {
    private static final int CHANGES = 100;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    private final AtomicInteger turn = new AtomicInteger();

    @Test
    void aChangeEach100MsLosesAndMisroutesNothing() {
        SLUICE.declare("calm", "/request/calm", Map.of("name", "calm", "paths", List.of("/calm")));
        SLUICE.declare("wild", "/request/wild-0", Map.of("name", "wild", "paths", List.of("/wild")));
        long before = SLUICE.headRevision(0);

        long sent;
        try (Load load = Load.start(6, this::target, ConfigurationChurnIT::fault)) {
            for (int change = 1; change <= CHANGES; change++) {
                SLUICE.api()
                        .patch(
                                "/v1/services/wild/versions/v.1/implementation",
                                Map.of("path", "/request/wild-" + change % 10))
                        .require(200);
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
            load.finish();
            assertThat(load.faults()).isEmpty();
            sent = load.answered();
        }
        assertThat(SLUICE.headRevision(0)).isEqualTo(before + CHANGES);
        assertThat(sent).as("requests during the changes").isGreaterThan(CHANGES);
        Await.until(Duration.ofSeconds(5), "the status shows all " + sent, () -> total("calm") + total("wild") == sent);
    }

    private URI target() {
        int number = turn.incrementAndGet();
        Member runtime = SLUICE.runtimes().get(number % 2);
        return runtime.address(number % 4 < 2 ? "/calm" : "/wild");
    }

    /** Each answer says where the upstream was asked, so a request that went astray shows. */
    private static String fault(URI uri, HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return "status " + answer.statusCode() + " " + answer.body();
        }
        try {
            String path = ApiClient.JSON.readTree(answer.body()).path("path").asText();
            String wanted = uri.getPath().equals("/calm") ? "/request/calm" : "/request/wild-[0-9]";
            return path.matches(wanted) ? "" : "the upstream was asked for " + path;
        } catch (JsonProcessingException e) {
            return "no echo: " + answer.body();
        }
    }

    private static long total(String service) {
        return SLUICE.api()
                .get("/v1/services/" + service + "/versions/v.1/status?from=" + SLUICE.start())
                .require(200)
                .body()
                .path("total")
                .asLong();
    }
}
