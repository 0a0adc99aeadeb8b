package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.fleet.RuntimeProgress;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.ReportAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RuntimeDirectoryTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static JsonNode listed(String group) {
        return plane.json("/v1/runtime-groups/" + group + "/runtimes").path("data");
    }

    private static void silentFor(ReportingRuntime runtime, String interval) {
        plane.sql("UPDATE runtime SET last_seen = now() - $2::text::interval WHERE id = $1", runtime.id(), interval);
    }

    private static Future<List<RuntimeProgress>> awaiting(Head head, Duration atMost) {
        return plane.fleet().gate().awaitServing(List.of(head), atMost);
    }

    @Test
    void aReportEntersTheRuntimeAndTellsItTheHead() {
        Head group = plane.group("entering");
        Head head = plane.advance(group);

        ReportAnswer answer = plane.taken(new ReportingRuntime("r1", group).report());

        assertThat(answer.epoch()).isEqualTo(1);
        assertThat(answer.revision()).isEqualTo(head.revision().number());
        assertThat(Math.abs(answer.now() - System.currentTimeMillis())).isLessThan(5000);
        JsonNode runtime = listed("entering").path(0);
        assertThat(runtime.path("name").asText()).isEqualTo("r1");
        assertThat(runtime.path("host").asText()).isEqualTo("host-of-r1");
        assertThat(runtime.path("state").asText()).isEqualTo("live");
        assertThat(runtime.path("in_sync").asBoolean()).isFalse();
        assertThat(runtime.path("behind").asInt()).isEqualTo(1);
        assertThat(runtime.path("memory").path("max").asLong()).isEqualTo(2000);
    }

    @Test
    void silenceMakesARuntimeStaleAndThenGone() {
        Head group = plane.group("silent");
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        plane.taken(runtime.report());

        silentFor(runtime, "4 seconds");
        assertThat(listed("silent").path(0).path("state").asText()).isEqualTo("stale");

        silentFor(runtime, "31 seconds");
        assertThat(listed("silent").path(0).path("state").asText()).isEqualTo("gone");

        plane.taken(runtime.report());
        assertThat(listed("silent").path(0).path("state").asText()).isEqualTo("live");
    }

    @Test
    void aRuntimeThatSaysItStoppedIsGoneAtOnce() {
        Head group = plane.group("stopping");
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        plane.taken(runtime.report());

        plane.taken(runtime.stopped().report());
        assertThat(listed("stopping").path(0).path("state").asText()).isEqualTo("gone");

        plane.taken(runtime.restarted(System.currentTimeMillis()).report());
        assertThat(listed("stopping").path(0).path("state").asText()).isEqualTo("live");
    }

    @Test
    void theStateOfAnOlderReportIsPassedOver() {
        Head group = plane.group("reordered");
        Head head = plane.advance(group);
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        Report first = runtime.report();
        Report second = runtime.serving(head).report();

        plane.taken(second);
        plane.taken(first);

        assertThat(listed("reordered").path(0).path("revision").asLong()).isEqualTo(1);
        assertThat(listed("reordered").path(0).path("in_sync").asBoolean()).isTrue();
    }

    @Test
    void aLateReportOfAnEarlierBootDoesNotReplaceTheLaterBoot() {
        Head group = plane.group("rebooted");
        Head head = plane.advance(group);
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        Report earlier = runtime.report();
        plane.taken(
                runtime.restarted(System.currentTimeMillis() + 10).serving(head).report());

        plane.taken(earlier);

        assertThat(listed("rebooted").path(0).path("revision").asLong()).isEqualTo(1);
    }

    @Test
    void aBootWhoseClockWasSetBackIsTakenOnceTheOtherIsSilent() {
        Head group = plane.group("clock");
        Head head = plane.advance(group);
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        plane.taken(runtime.report());
        silentFor(runtime, "4 seconds");

        plane.taken(runtime.restarted(1000).serving(head).report());

        assertThat(listed("clock").path(0).path("revision").asLong()).isEqualTo(1);
    }

    @Test
    void aRefusalShowsOnOneLine() {
        Head group = plane.group("refusing");
        plane.taken(new ReportingRuntime("r1", group)
                .refusing(plane.advance(group), "bad\nregex \u0000" + "x".repeat(5000))
                .report());

        JsonNode refusal = listed("refusing").path(0).path("refusal");

        assertThat(refusal.path("revision").asLong()).isEqualTo(1);
        assertThat(refusal.path("reason").asText()).startsWith("bad regex  xxx").hasSize(2000);
    }

    @Test
    void anUnknownGroupHasNoDirectory() {
        assertThat(plane.get("/v1/runtime-groups/nowhere/runtimes", "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aGroupWithoutRuntimesIsNotWaitedFor() {
        Head group = plane.group("empty");
        ReportingRuntime stopped = new ReportingRuntime("r1", group);
        plane.taken(stopped.stopped().report());

        assertThat(await(awaiting(plane.advance(group), Duration.ofSeconds(30))))
                .isEmpty();
    }

    @Test
    void aWriteIsAnsweredWhenTheLastRuntimeServesIt() {
        Head group = plane.group("waiting");
        ReportingRuntime one = new ReportingRuntime("one", group);
        ReportingRuntime two = new ReportingRuntime("two", group);
        plane.taken(one.report());
        plane.taken(two.report());
        Head head = plane.advance(group);
        Future<List<RuntimeProgress>> waiting = awaiting(head, Duration.ofSeconds(30));

        plane.taken(one.serving(head).report());
        assertThat(waiting.isComplete()).isFalse();
        long begin = System.nanoTime();
        plane.taken(two.serving(head).report());

        assertThat(await(waiting))
                .extracting(RuntimeProgress::name, RuntimeProgress::revision, RuntimeProgress::serving)
                .containsExactly(tuple("one", 1L, true), tuple("two", 1L, true));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aWriteIsAnsweredInTimeAlsoWhenSomeDoNotServeIt() {
        Head group = plane.group("impatient");
        ReportingRuntime stale = new ReportingRuntime("stale", group);
        plane.taken(stale.report());
        silentFor(stale, "5 seconds");
        Head head = plane.advance(group);

        List<RuntimeProgress> progress = await(awaiting(head, Duration.ofMillis(300)));
        List<RuntimeProgress> atOnce = await(awaiting(head, Duration.ZERO));

        assertThat(progress).containsExactly(new RuntimeProgress(stale.id(), "stale", "impatient", "stale", 0, false));
        assertThat(atOnce).isEqualTo(progress);
    }

    @Test
    void aHigherRevisionOfAnotherEpochOrAnotherDigestDoesNotServeTheHead() {
        Head group = plane.group("reborn");
        Head head = plane.advance(group);
        ReportingRuntime old = new ReportingRuntime("old", group);
        ReportingRuntime ahead = new ReportingRuntime("ahead", group);
        ReportingRuntime same = new ReportingRuntime("same", group);
        plane.taken(old.serving(at(head, 1, 50)).report());
        plane.taken(ahead.serving(at(head, 7, 0)).report());
        plane.taken(same.serving(at(head, 5, 1)).report());
        plane.sql("UPDATE group_head SET epoch = 6 WHERE group_id = $1", group.groupId());

        assertThat(await(awaiting(at(head, 6, 1), Duration.ZERO)))
                .extracting(RuntimeProgress::serving)
                .containsExactly(false, false, false);

        plane.taken(same.serving(at(head, 6, 1)).report());
        assertThat(await(awaiting(at(head, 6, 1), Duration.ZERO)))
                .extracting(RuntimeProgress::name, RuntimeProgress::serving)
                .containsExactly(tuple("ahead", false), tuple("old", false), tuple("same", true));

        plane.sql("UPDATE group_head SET digest = repeat('b', 64) WHERE group_id = $1", group.groupId());
        assertThat(await(awaiting(at(head, 6, 1), Duration.ZERO)))
                .extracting(RuntimeProgress::serving)
                .containsExactly(false, false, false);
    }

    private static Head at(Head head, long epoch, long number) {
        return new Head(head.groupId(), head.group(), new Revision(epoch, number));
    }

    @Test
    void aRuntimeThatFallsGoneIsNoLongerWaitedFor() {
        Head group = plane.group("vanishing");
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        plane.taken(runtime.report());
        Future<List<RuntimeProgress>> waiting = awaiting(plane.advance(group), Duration.ofSeconds(30));

        plane.taken(runtime.stopped().report());

        assertThat(await(waiting)).isEmpty();
    }

    @Test
    void afterAnOutageOfTheControlPlaneItIsWaitedForWhoWasNotHeard() {
        Head group = plane.group("outage");
        ReportingRuntime silent = new ReportingRuntime("silent", group);
        ReportingRuntime stopped = new ReportingRuntime("stopped", group);
        ReportingRuntime forgotten = new ReportingRuntime("forgotten", group);
        plane.taken(silent.report());
        plane.taken(stopped.stopped().report());
        plane.taken(forgotten.report());
        silentFor(silent, "10 minutes");
        silentFor(forgotten, "25 hours");
        Head head = plane.advance(group);
        AtomicLong nanos = new AtomicLong();
        RuntimeDirectory justStarted =
                new RuntimeDirectory(plane.vertx(), plane.database(), plane.meters(), nanos::get);
        justStarted.start();
        try {
            nanos.set(Duration.ofSeconds(29).toNanos());
            assertThat(await(justStarted.awaitServing(List.of(head), Duration.ofMillis(300))))
                    .containsExactly(new RuntimeProgress(silent.id(), "silent", "outage", "gone", 0, false));

            nanos.set(Duration.ofSeconds(30).toNanos());
            assertThat(await(justStarted.awaitServing(List.of(head), Duration.ofSeconds(30))))
                    .isEmpty();

            nanos.set(0);
            Future<List<RuntimeProgress>> waiting = justStarted.awaitServing(List.of(head), Duration.ofSeconds(30));
            plane.taken(silent.serving(head).report());
            assertThat(await(waiting))
                    .containsExactly(new RuntimeProgress(silent.id(), "silent", "outage", "live", 1, true));
        } finally {
            justStarted.stop();
        }
    }

    @Test
    void propagationIsTimedAndRuntimesAreCounted() {
        Head group = plane.group("timed");
        ReportingRuntime runtime = new ReportingRuntime("r1", group);
        plane.taken(runtime.report());

        plane.taken(runtime.serving(plane.advance(group)).report());

        assertThat(plane.meters().scrape())
                .contains("sluice_propagation_seconds_count{group=\"timed\"} 1")
                .contains("sluice_reports_total{outcome=\"taken\"}");
        plane.until("the runtime is counted", () -> {
            plane.taken(runtime.report()); // so that it stays live
            return plane.meters().scrape().contains("sluice_runtimes{group=\"timed\",state=\"live\"} 1.0");
        });
    }
}
