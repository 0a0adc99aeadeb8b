package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.Upstream;
import dev.sluice.runtime.balance.PeerState.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a target is out, and when it comes back. */
final class PeerStateTest {
    private static final Upstream PASSIVE =
            upstream("{'healthchecks':{'passive':{'healthy':{'successes':2},'unhealthy':{'tcp_failures':3,"
                    + "'timeouts':2,'http_failures':2}}},'slow_start':10}");
    private static final HealthChecks CHECKS = PASSIVE.healthchecks();

    private long now = Duration.ofHours(1).toNanos();
    private final PeerState state = new PeerState(now);

    private static Upstream upstream(String json) {
        ObjectNode node = ConfigJson.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return ConfigJson.read(
                Upstream.class,
                node.put("id", "0b9e0a6e-3c8c-4d0e-8f0a-000000000001")
                        .put("name", "a.upstream")
                        .put("created_at", "2026-01-01T00:00:00Z"));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void meets(Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            state.passive(outcome, CHECKS, now);
        }
    }

    @Test
    void failuresOfOneKindInARowTakeItOut() {
        meets(Outcome.TCP_FAILURE, Outcome.TCP_FAILURE, Outcome.HTTP_FAILURE, Outcome.TIMEOUT);
        assertThat(state.healthy(CHECKS)).isTrue();
        meets(Outcome.SUCCESS, Outcome.TCP_FAILURE, Outcome.TCP_FAILURE);
        assertThat(state.healthy(CHECKS)).isTrue();
        meets(Outcome.TCP_FAILURE);
        assertThat(state.healthy(CHECKS)).isFalse();
    }

    @Test
    void successesThatWereUnderWayBringItBack() {
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        meets(Outcome.SUCCESS);
        assertThat(state.healthy(CHECKS)).isFalse();
        meets(Outcome.SUCCESS);
        assertThat(state.healthy(CHECKS)).isTrue();
    }

    @Test
    void oneTrialAtATimeAfterAPauseThatDoublesUpToAMinute() {
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        Duration pause = PeerState.FIRST_PAUSE;
        for (int i = 0; i < 10; i++) {
            pass(pause.minusMillis(1));
            assertThat(state.takeTrial(CHECKS, true, now)).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(state.takeTrial(CHECKS, true, now)).isTrue();
            assertThat(state.takeTrial(CHECKS, true, now)).isFalse();
            state.trialEnded(Outcome.TCP_FAILURE, now);
            pause = pause.multipliedBy(2).compareTo(PeerState.LONGEST_PAUSE) > 0
                    ? PeerState.LONGEST_PAUSE
                    : pause.multipliedBy(2);
        }
        assertThat(pause).isEqualTo(PeerState.LONGEST_PAUSE);
        pass(pause);
        assertThat(state.takeTrial(CHECKS, true, now)).isTrue();
        state.trialEnded(null, now);
        assertThat(state.takeTrial(CHECKS, true, now))
                .as("one that was given up is free again")
                .isTrue();
        state.trialEnded(Outcome.SUCCESS, now);
        assertThat(state.healthy(CHECKS)).isTrue();
    }

    @Test
    void aTrialThatNobodyTookForOneMorePauseIsForAnyRequest() {
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        for (Duration pause : List.of(PeerState.FIRST_PAUSE, PeerState.FIRST_PAUSE.multipliedBy(2))) {
            pass(pause.multipliedBy(2).minusMillis(1));
            assertThat(state.takeTrial(CHECKS, false, now)).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(state.takeTrial(CHECKS, false, now)).isTrue();
            assertThat(state.takeTrial(CHECKS, false, now)).isFalse();
            state.trialEnded(Outcome.TIMEOUT, now);
        }
    }

    @Test
    void whatComesBackGetsItsFullShareLittleByLittle() {
        pass(Duration.ofSeconds(10));
        assertThat(state.share(PASSIVE, now)).isEqualTo(1);
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.SUCCESS, Outcome.SUCCESS);
        assertThat(state.share(PASSIVE, now)).isEqualTo(0.1);
        pass(Duration.ofSeconds(5));
        assertThat(state.share(PASSIVE, now)).isEqualTo(0.5);
        pass(Duration.ofSeconds(50));
        assertThat(state.share(PASSIVE, now)).isEqualTo(1);
    }

    @Test
    void activeChecksBringBackWhatTheyTookOutAndNothingElseDoes() {
        HealthChecks active = upstream("{'healthchecks':{'active':{'healthy':{'interval':1,'successes':1},"
                        + "'unhealthy':{'interval':1,'tcp_failures':1}},'passive':{'unhealthy':{'timeouts':1}}}}")
                .healthchecks();
        state.active(Outcome.TCP_FAILURE, active, now);
        assertThat(state.healthy(active)).isFalse();
        pass(PeerState.LONGEST_PAUSE);
        assertThat(state.takeTrial(active, true, now)).isFalse();
        state.active(Outcome.SUCCESS, active, now);
        assertThat(state.healthy(active)).isTrue();

        state.passive(Outcome.TIMEOUT, active, now);
        pass(PeerState.LONGEST_PAUSE);
        assertThat(state.takeTrial(active, true, now)).as("checks see to it").isFalse();
        state.active(Outcome.SUCCESS, active, now);
        assertThat(state.healthy(active)).isTrue();
    }

    @Test
    void checksThatAreSwitchedOffSayNothingAnyMore() {
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        assertThat(state.healthy(upstream("{}").healthchecks())).isTrue();
        assertThat(state.healthy(CHECKS)).isFalse();
    }

    @Test
    void anOperatorsWordCountsOnce() {
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        state.said(null, now);
        assertThat(state.healthy(CHECKS)).isFalse();
        state.said(Instant.EPOCH, now);
        assertThat(state.healthy(CHECKS)).isTrue();
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        state.said(Instant.EPOCH, now);
        assertThat(state.healthy(CHECKS)).isFalse();
    }

    @Test
    void anEarlierWordThatComesLateChangesNothing() {
        Instant later = Instant.EPOCH.plusSeconds(1);
        state.said(later, now);
        meets(Outcome.TIMEOUT, Outcome.TIMEOUT);
        for (int i = 0; i < 2; i++) {
            state.said(Instant.EPOCH, now);
            state.said(null, now);
            state.said(later, now);
            assertThat(state.healthy(CHECKS)).isFalse();
        }
        state.said(later.plusMillis(1), now);
        assertThat(state.healthy(CHECKS)).isTrue();
    }

    @Test
    void whereNoConnectionCouldBeMadeOthersArePreferredButForOneRequestNowAndThen() {
        assertThat(state.passedOver(now)).isFalse();
        state.unreachable(now);
        pass(PeerState.PASSED_OVER.minusNanos(1));
        assertThat(state.passedOver(now)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(state.passedOver(now)).isFalse();
        state.asked(now);
        assertThat(state.passedOver(now)).as("one is on its way").isTrue();
        assertThat(state.healthy(CHECKS)).isTrue();
    }

    @Test
    void aConnectionOrACheckOrAnOperatorsWordEndsThat() {
        List<Runnable> ends = List.of(
                state::reached, () -> state.active(Outcome.SUCCESS, CHECKS, now), () -> state.said(Instant.EPOCH, now));
        for (Runnable end : ends) {
            state.unreachable(now);
            end.run();
            assertThat(state.passedOver(now)).isFalse();
            state.asked(now);
            assertThat(state.passedOver(now)).isFalse();
        }
    }

    @Test
    void aPeakCountsAtOnceAndIsForgottenSlowly() {
        state.took(1_000_000, now);
        state.took(80_000_000, now);
        assertThat(state.cost(now)).isEqualTo(80_000_000);
        pass(Duration.ofSeconds(1));
        state.took(1_000_000, now);
        assertThat(state.cost(now)).isBetween(70_000_000.0, 75_000_000.0);
        pass(Duration.ofMinutes(2));
        state.took(1_000_000, now);
        assertThat(state.cost(now)).isBetween(1_000_000.0, 1_100_000.0);
    }

    @Test
    void aPeerThatIsNotAskedIsForgottenSlowly() {
        state.took(80_000_000, now);
        pass(Duration.ofSeconds(10));
        assertThat(state.cost(now)).isBetween(29_000_000.0, 30_000_000.0);
        pass(Duration.ofMinutes(1));
        assertThat(state.cost(now)).isBetween(0.0, 100_000.0);
    }

    @Test
    void aFailureIsNeverQuick() {
        state.failed(300_000, now);
        assertThat(state.cost(now)).as("a second at least").isEqualTo(1e9);
        state.failed(300_000, now);
        assertThat(state.cost(now)).as("twice of what was expected").isEqualTo(2e9);
        for (int i = 0; i < 10; i++) {
            state.failed(300_000, now);
        }
        assertThat(state.cost(now)).as("a minute at most").isEqualTo(60e9);
        state.failed(90_000_000_000L, now);
        assertThat(state.cost(now)).as("unless it took longer").isEqualTo(90e9);
        pass(Duration.ofSeconds(5));
        double before = state.cost(now);
        state.failed(300_000, now);
        assertThat(state.cost(now)).isGreaterThanOrEqualTo(before);
    }

    @Test
    void limitsHoldAndEndedRequestsMakeRoom() {
        Upstream limited = upstream("{'max_requests':3,'max_pending_requests':2}");
        assertThat(state.begin(limited)).isTrue();
        assertThat(state.begin(limited)).isTrue();
        assertThat(state.begin(limited)).as("two have no connection yet").isFalse();
        state.waited();
        assertThat(state.begin(limited)).isTrue();
        state.waited();
        state.waited();
        assertThat(state.begin(limited)).as("three are in flight").isFalse();
        state.ended();
        assertThat(state.begin(limited)).isTrue();
        assertThat(state.inFlight()).isEqualTo(3);
    }
}
