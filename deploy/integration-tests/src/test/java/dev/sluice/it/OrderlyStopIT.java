package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.settings.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A runtime that is stopped loses no request of clients behind a front that watches its readiness. */
class OrderlyStopIT {
    private static final int CLIENTS = 8;
    private static final int STOPS = 4;
    private static final int BETWEEN = 300;

    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2).set(Setting.DRAIN_NOTICE_MS, "1500");

    @Test
    void noRequestIsLostWhenRuntimesAreStoppedOneAfterTheOther() {
        SLUICE.declare("rolling", "", Map.of("name", "rolling", "paths", List.of("/rolling")));
        long sent;
        try (Front front = new Front(SLUICE.runtimes());
                Load load = Load.start(
                        CLIENTS,
                        () -> front.next("/rolling/request"),
                        (uri, answer) -> answer.statusCode() == 200 ? "" : "status " + answer.statusCode())) {
            for (int stop = 0; stop < STOPS; stop++) {
                awaitMore(load, BETWEEN);
                Member stopped = SLUICE.runtime(stop % 2);
                assertThat(stopped.terminate())
                        .as("exit code of " + stopped.name())
                        .isEqualTo(0);
                stopped.start();
                stopped.awaitReady();
            }
            awaitMore(load, BETWEEN);
            load.finish();
            assertThat(load.faults()).isEmpty();
            sent = load.answered();
        }
        Await.until(
                Duration.ofSeconds(5),
                "the status shows all " + sent,
                () -> SLUICE.api()
                                .get("/v1/services/rolling/versions/v.1/status?from=" + SLUICE.start())
                                .require(200)
                                .body()
                                .path("total")
                                .asLong()
                        == sent);
    }

    private static void awaitMore(Load load, int requests) {
        long before = load.answered();
        Await.until(
                Duration.ofSeconds(60),
                requests + " more answers",
                () -> load.answered() >= before + requests || !load.faults().isEmpty());
    }

    /** Spreads requests over the runtimes that said at the last look that they are ready. */
    private static final class Front implements AutoCloseable {
        private final List<Member> all;
        private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        private final AtomicInteger turn = new AtomicInteger();
        private volatile List<Member> ready;

        Front(List<Member> all) {
            this.all = all;
            this.ready = all;
            var unused = watch.scheduleWithFixedDelay(this::look, 0, 100, TimeUnit.MILLISECONDS);
        }

        URI next(String path) {
            List<Member> now = ready;
            return now.get(Math.floorMod(turn.incrementAndGet(), now.size())).address(path);
        }

        @Override
        public void close() {
            watch.shutdownNow();
        }

        private void look() {
            List<Member> now = all.stream().filter(Member::isReady).toList();
            if (!now.isEmpty()) {
                ready = now;
            }
        }
    }
}
