package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.runtime.balance.PeerState.Outcome;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.upstream.Destination;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an attempt tells of its peer, and when. */
final class PeerTurnTest {
    private final CompiledUpstream upstream = upstream();
    private final HealthChecks checks = upstream.checks();
    private final PeerState state = new PeerState(0);
    private long now;

    private static CompiledUpstream upstream() {
        UUID id = UUID.randomUUID();
        String json = "{\"name\":\"a.upstream\",\"created_at\":\"2026-01-01T00:00:00Z\","
                + "\"healthchecks\":{\"passive\":{\"unhealthy\":{\"tcp_failures\":1,\"http_failures\":1}}}}";
        ObjectNode node = ConfigJson.object(json.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = ConfigJson.bytes(ConfigJson.read(Upstream.class, node.put("id", id.toString())));
        Snapshot snapshot =
                Snapshot.of("default", new Revision(1, 1), List.of(Entity.of(EntityKinds.UPSTREAM, id, bytes)));
        CompiledUpstream compiled = CompiledUpstream.compile(RouteTable.compile(snapshot), Map.of(), Map.of())
                .get(id);
        return Objects.requireNonNull(compiled);
    }

    private PeerTurn turn(boolean trial) {
        assertThat(state.begin(upstream.upstream())).isTrue();
        Peer peer = new Peer(upstream, 0, InetAddress.getLoopbackAddress(), state);
        Destination destination =
                new Destination("a.upstream", 80, InetAddress.getLoopbackAddress(), "a.upstream", false);
        return new PeerTurn(peer, destination, checks, () -> now, trial);
    }

    /** A turn that is a trial, of a peer that was taken out. */
    private PeerTurn trial() {
        state.passive(Outcome.TCP_FAILURE, checks, now);
        now += PeerState.FIRST_PAUSE.toNanos();
        assertThat(state.takeTrial(checks, true, now)).isTrue();
        return turn(true);
    }

    @Test
    void aTrialSucceedsWithTheHeadOfItsAnswer() {
        PeerTurn turn = trial();
        turn.connected(false);
        assertThat(state.healthy(checks)).isFalse();
        turn.answered(200);
        assertThat(state.healthy(checks)).as("however long the rest takes").isTrue();
        assertThat(state.inFlight()).isEqualTo(1);
        turn.ended(null);
        assertThat(state.healthy(checks)).isTrue();
        assertThat(state.inFlight()).isZero();
    }

    @Test
    void theEndOfALongAnswerEndsNobodyElsesTrial() {
        PeerTurn turn = trial();
        turn.connected(false);
        turn.answered(200);
        PeerTurn other = trial();
        turn.ended(null);
        assertThat(state.healthy(checks)).isFalse();
        assertThat(state.takeTrial(checks, true, now))
                .as("there is one already")
                .isFalse();
        other.ended(null);
        assertThat(state.takeTrial(checks, true, now)).isTrue();
    }

    @Test
    void aTrialFailsWithAHeadThatCountsAsAFailure() {
        PeerTurn turn = trial();
        turn.connected(false);
        turn.answered(500);
        now += PeerState.FIRST_PAUSE.toNanos();
        assertThat(state.takeTrial(checks, true, now)).as("the pause is longer").isFalse();
        now += PeerState.FIRST_PAUSE.toNanos();
        assertThat(state.takeTrial(checks, true, now)).isTrue();
    }

    @Test
    void aTrialWithoutAnAnswerEndsWithItsAttempt() {
        trial().ended(null);
        assertThat(state.takeTrial(checks, true, now)).as("given up").isTrue();
        state.trialEnded(null, now);
        assertThat(state.takeTrial(checks, true, now)).isTrue();
        turn(true).ended(Failure.CONNECT_REFUSED);
        assertThat(state.takeTrial(checks, true, now)).isFalse();
    }

    @Test
    void whatRefusesAtOnceIsNotTheQuickest() {
        PeerTurn turn = turn(false);
        turn.connected(false);
        now += 5_000_000;
        turn.answered(200);
        turn.ended(null);
        assertThat(state.cost(now)).isEqualTo(5_000_000);
        PeerTurn refused = turn(false);
        now += 300_000;
        refused.ended(Failure.CONNECT_REFUSED);
        assertThat(state.cost(now)).isEqualTo(1e9);
    }

    @Test
    void whatPassiveChecksDoNotCountIsPassedOverWhereNoConnectionWasMade() {
        turn(false).ended(Failure.CONNECT_REFUSED);
        assertThat(state.passedOver(now)).as("refusals are counted").isFalse();

        turn(false).ended(Failure.OVERLOAD);
        PeerTurn silent = turn(false);
        silent.connected(false);
        silent.ended(Failure.READ_TIMEOUT);
        assertThat(state.passedOver(now)).as("it was not asked, or was there").isFalse();

        turn(false).ended(Failure.CONNECT_TIMEOUT);
        assertThat(state.passedOver(now)).isTrue();
        turn(false).connected(true);
        assertThat(state.passedOver(now)).as("an old connection says nothing").isTrue();
        turn(false).connected(false);
        assertThat(state.passedOver(now)).isFalse();
    }
}
