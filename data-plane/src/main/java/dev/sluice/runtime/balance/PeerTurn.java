package dev.sluice.runtime.balance;

import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.HealthChecks.PassiveUnhealthy;
import dev.sluice.runtime.balance.PeerState.Outcome;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.upstream.Destination;
import dev.sluice.runtime.upstream.Turn;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** An attempt's turn at a peer: keeps account of it there. */
final class PeerTurn implements Turn {
    private final Peer peer;
    private final Destination destination;
    private final HealthChecks checks;
    private final LongSupplier nanoTime;
    private boolean trial;
    private final long beganNanos;
    private boolean connected;
    private boolean reused;
    private boolean answered;
    private @Nullable Outcome outcome;

    /** @param peer which counts the request already */
    PeerTurn(Peer peer, Destination destination, HealthChecks checks, LongSupplier nanoTime, boolean trial) {
        this.peer = peer;
        this.destination = destination;
        this.checks = checks;
        this.nanoTime = nanoTime;
        this.trial = trial;
        this.beganNanos = nanoTime.getAsLong();
    }

    @Override
    public Destination destination() {
        return destination;
    }

    @Override
    public void connected(boolean usedBefore) {
        connected = true;
        reused = usedBefore;
        peer.state().waited();
        if (!usedBefore) {
            peer.state().reached();
        }
    }

    @Override
    public void answered(int status) {
        answered = true;
        long now = nanoTime.getAsLong();
        peer.state().took(now - beganNanos, now);
        if (checks.passive().unhealthy().httpStatuses().contains(status)) {
            note(Outcome.HTTP_FAILURE, now);
        } else if (checks.passive().healthy().httpStatuses().contains(status)) {
            note(Outcome.SUCCESS, now);
        }
        // What comes after the head may take hours.
        endTrial(outcome == null ? Outcome.SUCCESS : outcome, now);
    }

    @Override
    public void ended(@Nullable Failure failure) {
        long now = nanoTime.getAsLong();
        if (!connected) {
            peer.state().waited();
        }
        peer.state().ended();
        Outcome met = failure == null ? null : outcome(failure);
        if (met != null && !connected && !counts(met)) {
            peer.state().unreachable(now);
        }
        if (met != null) {
            peer.state().failed(now - beganNanos, now);
            note(met, now);
        }
        endTrial(outcome, now);
    }

    /** Whether passive checks take the peer out for it; they are to have their count as soon as it is full. */
    private boolean counts(Outcome met) {
        PassiveUnhealthy limits = checks.passive().unhealthy();
        return (met == Outcome.TIMEOUT ? limits.timeouts() : limits.tcpFailures()) > 0;
    }

    private void endTrial(@Nullable Outcome met, long now) {
        if (trial) {
            trial = false;
            peer.state().trialEnded(met, now);
        }
    }

    private void note(Outcome met, long now) {
        outcome = met;
        peer.state().passive(met, checks, now);
    }

    private @Nullable Outcome outcome(Failure failure) {
        return switch (failure) {
            case CONNECT_REFUSED, TLS_FAILED -> Outcome.TCP_FAILURE;
            // A target that is well may close a connection that idled or is old, and refuse what is beyond its streams.
            case UPSTREAM_CLOSED, STREAM_REFUSED, GOING_AWAY -> reused && !answered ? null : Outcome.TCP_FAILURE;
            case CONNECT_TIMEOUT, READ_TIMEOUT, WRITE_TIMEOUT -> Outcome.TIMEOUT;
            case INVALID_RESPONSE -> Outcome.HTTP_FAILURE;
            default -> null;
        };
    }
}
