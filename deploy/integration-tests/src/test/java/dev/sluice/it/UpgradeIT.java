package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A fleet of the previous release goes over to this one, process by process, under load, and back: whichever two releases
 * meet, as two control planes on one database, as control plane and runtime, or as a runtime and the data directory
 * that the other one left, every change reaches every runtime, no request is lost, and the counts are exact.
 */
@EnabledIf(
        value = "isPreviousReleaseThere",
        disabledReason =
                "TEST_PREVIOUS_RELEASE names no checkout of the previous release; deploy/previous-release makes one")
class UpgradeIT {
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(2, 2).of(() -> Release.previous().orElseThrow());

    private final Release previous = Release.previous().orElseThrow();
    private final Release current = Release.current();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Member> inUse = SLUICE.runtimes();
    private int changes;

    static boolean isPreviousReleaseThere() {
        return Release.previous().isPresent();
    }

    @Test
    void aFleetGoesOverToThisReleaseAndBackUnderLoad() {
        SLUICE.declare("upgraded", "", Map.of("name", "upgraded", "paths", List.of("/upgraded")));
        long sent;
        try (Load load = Load.start(
                2,
                () -> next().address("/upgraded/request"),
                (uri, answer) -> answer.statusCode() == 200 ? "" : "status " + answer.statusCode())) {
            replace(SLUICE.controlPlane(1), current);
            everyChangeArrives("the newer control plane has migrated the schema under the older");
            restart(SLUICE.controlPlane(0));
            everyChangeArrives("the older control plane started on the newer schema");
            replaceRuntime(SLUICE.runtime(0), current);
            everyChangeArrives("one runtime is newer, as is one control plane");
            replace(SLUICE.controlPlane(0), current);
            everyChangeArrives("an older runtime has newer control planes only");
            replace(SLUICE.controlPlane(0), previous);
            replace(SLUICE.controlPlane(1), previous);
            everyChangeArrives("a newer runtime has older control planes only");
            replaceRuntime(SLUICE.runtime(0), previous);
            everyChangeArrives("all is as it was");
            replaceRuntime(SLUICE.runtime(0), current);
            replaceRuntime(SLUICE.runtime(1), current);
            replace(SLUICE.controlPlane(0), current);
            replace(SLUICE.controlPlane(1), current);
            everyChangeArrives("all is of this release");
            load.finish();
            assertThat(load.faults()).isEmpty();
            sent = load.answered();
        }

        Await.until(
                Duration.ofSeconds(10),
                "the status shows all " + sent,
                () -> SLUICE.api()
                                .get("/v1/services/upgraded/versions/v.1/status?from=" + SLUICE.start())
                                .require(200)
                                .body()
                                .path("codes")
                                .path("200")
                                .asLong()
                        == sent);
    }

    private Member next() {
        List<Member> members = inUse;
        return members.get(turn.incrementAndGet() % members.size());
    }

    /** By each control plane; each answers once both runtimes serve it. */
    private void everyChangeArrives(String when) {
        for (int i = 0; i < 2; i++) {
            int controlPlane = i;
            Await.until(
                    Duration.ofSeconds(20),
                    "control plane " + i + " has heard of both runtimes",
                    () -> SLUICE.runtimes().stream().allMatch(runtime -> isLive(controlPlane, runtime)));
            int number = ++changes;
            ApiClient.Answer answer = SLUICE.api(i)
                    .waiting(30)
                    .post(
                            "/v1/services/upgraded/versions/v.1/routes",
                            Map.of("name", "change-" + number, "paths", List.of("/change-" + number)));
            assertThat(answer.status())
                    .as("%s, control plane %d: %s", when, i, answer.body())
                    .isEqualTo(201);
            assertThat(answer.body().path("runtimes").size()).as(when).isEqualTo(2);
        }
    }

    private static boolean isLive(int controlPlane, Member runtime) {
        return SLUICE.directoryEntry(controlPlane, runtime)
                .path("state")
                .asText()
                .equals("live");
    }

    private void restart(Member member) {
        assertThat(member.terminate()).as("exit code of %s", member.name()).isZero();
        member.start();
        member.awaitReady();
    }

    private void replace(Member member, Release by) {
        member.release(by);
        restart(member);
    }

    /** As a front end does it: away from the front first, then stopped. */
    private void replaceRuntime(Member runtime, Release by) {
        inUse = SLUICE.runtimes().stream().filter(each -> each != runtime).toList();
        replace(runtime, by);
        inUse = SLUICE.runtimes();
    }
}
