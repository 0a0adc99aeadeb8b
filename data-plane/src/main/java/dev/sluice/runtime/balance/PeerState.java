package dev.sluice.runtime.balance;

import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.HealthChecks.ActiveUnhealthy;
import dev.sluice.model.config.HealthChecks.PassiveUnhealthy;
import dev.sluice.model.config.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What this runtime has observed of one address of a target. Shared by all event loops and the health checks; any thread
 * may call.
 */
public final class PeerState {
    /** After it was taken out by passive checks, until one request may try it; doubled with each trial that fails. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /**
     * After no connection could be made, for how long others are preferred; then one request finds out whether one can be
     * made again.
     */
    static final Duration PASSED_OVER = Duration.ofSeconds(2);

    private static final double DECAY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double LEAST_SHARE = 0.1;
    private static final double LEAST_OF_FAILURE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double MOST_BY_FAILURES_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final Streaks active = new Streaks();
    private final Streaks passive = new Streaks();
    private @Nullable Instant saidAt;
    private long pauseNanos;
    private long trialAtNanos;
    private boolean trial;
    private volatile boolean unreachable;
    private volatile long askAgainAtNanos;
    private volatile Out out = Out.NOT;
    private volatile long availableSinceNanos;
    private volatile double latencyNanos;
    private volatile long latencyAtNanos;

    PeerState(long nowNanos) {
        availableSinceNanos = nowNanos;
    }

    /** What took it out. */
    private enum Out {
        NOT,
        BY_ACTIVE,
        BY_PASSIVE
    }

    /** How something that was asked of it went. */
    public enum Outcome {
        SUCCESS,
        HTTP_FAILURE,
        TCP_FAILURE,
        TIMEOUT
    }

    /** Outcomes in a row. */
    private static final class Streaks {
        private int successes;
        private int httpFailures;
        private int tcpFailures;
        private int timeouts;

        void add(Outcome outcome) {
            if (outcome == Outcome.SUCCESS) {
                successes++;
                httpFailures = 0;
                tcpFailures = 0;
                timeouts = 0;
                return;
            }
            successes = 0;
            switch (outcome) {
                case HTTP_FAILURE -> httpFailures++;
                case TCP_FAILURE -> tcpFailures++;
                default -> timeouts++;
            }
        }

        void clear() {
            add(Outcome.SUCCESS);
            successes = 0;
        }

        boolean failed(int mostHttp, int mostTcp, int mostTimeouts) {
            return reached(httpFailures, mostHttp) || reached(tcpFailures, mostTcp) || reached(timeouts, mostTimeouts);
        }

        boolean succeeded(int enough) {
            return reached(successes, enough);
        }

        private static boolean reached(int count, int limit) {
            return limit > 0 && count >= limit;
        }
    }

    /**
     * Takes over an operator's word: what was observed before it does not count. A word is never withdrawn; an earlier
     * one, or none, comes from a request that still has the configuration of before.
     *
     * @param at when it was said; null for never
     */
    synchronized void said(@Nullable Instant at, long nowNanos) {
        if (at != null && (saidAt == null || at.isAfter(saidAt))) {
            saidAt = at;
            bringBack(nowNanos);
        }
    }

    /** Of a target that is new: nothing was said since. */
    synchronized void knows(@Nullable Instant at) {
        saidAt = at;
    }

    /** Whether it may be called as far as checks say. */
    public boolean healthy(HealthChecks checks) {
        return switch (out) {
            case NOT -> true;
            // Checks that were switched off say nothing any more.
            case BY_ACTIVE -> !runs(checks);
            case BY_PASSIVE -> !checks.passive().unhealthy().on();
        };
    }

    private static boolean runs(HealthChecks checks) {
        return checks.active().healthy().interval() > 0
                || checks.active().unhealthy().interval() > 0;
    }

    /** Whether active checks would bring it back. */
    private static boolean recoversByChecks(HealthChecks checks) {
        return checks.active().unhealthy().interval() > 0
                && checks.active().healthy().successes() > 0;
    }

    /**
     * Takes the one trial that is due, where one is; {@link #trialEnded} gives it back.
     *
     * @param preferred whether a failure would harm nobody; others take a trial that nobody took for one more pause
     */
    synchronized boolean takeTrial(HealthChecks checks, boolean preferred, long nowNanos) {
        boolean due = out == Out.BY_PASSIVE
                && checks.passive().unhealthy().on()
                && !recoversByChecks(checks)
                && !trial
                && nowNanos - trialAtNanos >= (preferred ? 0 : pauseNanos);
        trial |= due;
        return due;
    }

    /** @param outcome null for none */
    synchronized void trialEnded(@Nullable Outcome outcome, long nowNanos) {
        trial = false;
        if (out != Out.BY_PASSIVE || outcome == null) {
            return;
        }
        if (outcome == Outcome.SUCCESS) {
            bringBack(nowNanos);
        } else {
            pauseNanos = Math.min(LONGEST_PAUSE.toNanos(), 2 * pauseNanos);
            trialAtNanos = nowNanos + pauseNanos;
        }
    }

    /** What a client's request met. */
    synchronized void passive(Outcome outcome, HealthChecks checks, long nowNanos) {
        PassiveUnhealthy limits = checks.passive().unhealthy();
        passive.add(outcome);
        if (out == Out.NOT && passive.failed(limits.httpFailures(), limits.tcpFailures(), limits.timeouts())) {
            takeOut(Out.BY_PASSIVE, nowNanos);
        } else if (out == Out.BY_PASSIVE
                && passive.succeeded(checks.passive().healthy().successes())) {
            bringBack(nowNanos);
        }
    }

    /** What a check met. */
    public synchronized void active(Outcome outcome, HealthChecks checks, long nowNanos) {
        ActiveUnhealthy limits = checks.active().unhealthy();
        active.add(outcome);
        if (outcome == Outcome.SUCCESS) {
            unreachable = false;
        }
        if (out == Out.NOT && active.failed(limits.httpFailures(), limits.tcpFailures(), limits.timeouts())) {
            takeOut(Out.BY_ACTIVE, nowNanos);
        } else if (out != Out.NOT && active.succeeded(checks.active().healthy().successes())) {
            bringBack(nowNanos);
        }
    }

    private void takeOut(Out by, long nowNanos) {
        out = by;
        pauseNanos = FIRST_PAUSE.toNanos();
        trialAtNanos = nowNanos + pauseNanos;
        active.clear();
        passive.clear();
    }

    private void bringBack(long nowNanos) {
        boolean was = out != Out.NOT;
        out = Out.NOT;
        trial = false;
        unreachable = false;
        active.clear();
        passive.clear();
        if (was) {
            availableSinceNanos = nowNanos;
        }
    }

    /** No connection could be made. Where checks do not see to it, {@link #passedOver} does. */
    void unreachable(long nowNanos) {
        askAgainAtNanos = nowNanos + PASSED_OVER.toNanos();
        unreachable = true;
    }

    /** Whether others are to be preferred to it, whatever the checks say. */
    boolean passedOver(long nowNanos) {
        return unreachable && nowNanos - askAgainAtNanos < 0;
    }

    /** A request is on its way there: no other one need find out whether a connection can be made. */
    void asked(long nowNanos) {
        if (unreachable) {
            askAgainAtNanos = nowNanos + PASSED_OVER.toNanos();
        }
    }

    /** Between 0.1 and 1: how much of its weight counts while it starts. */
    double share(Upstream upstream, long nowNanos) {
        if (upstream.slowStart() <= 0) {
            return 1;
        }
        double passed = (nowNanos - availableSinceNanos) / (upstream.slowStart() * 1e9);
        return Math.max(LEAST_SHARE, Math.min(1, passed));
    }

    /** Counts a request in, which has no connection yet; false where a limit is reached. */
    boolean begin(Upstream upstream) {
        Integer mostRequests = upstream.maxRequests();
        Integer mostPending = upstream.maxPendingRequests();
        if (inFlight.incrementAndGet() > (mostRequests == null ? Integer.MAX_VALUE : mostRequests)) {
            inFlight.decrementAndGet();
            return false;
        }
        if (pending.incrementAndGet() > (mostPending == null ? Integer.MAX_VALUE : mostPending)) {
            pending.decrementAndGet();
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A request that was counted in does not wait for a connection any more. */
    void waited() {
        pending.decrementAndGet();
    }

    /** There is a connection. */
    void reached() {
        if (unreachable) {
            unreachable = false;
        }
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    int inFlight() {
        return inFlight.get();
    }

    /**
     * Takes a time to the first byte into account: a longer one counts at once, shorter ones little by little (peak
     * EWMA, over ten seconds). Two threads at once may lose one of two measurements.
     */
    void took(long nanos, long nowNanos) {
        double before = latencyNanos;
        double weight = Math.exp(-Math.max(0, nowNanos - latencyAtNanos) / DECAY_NANOS);
        latencyNanos = nanos >= before ? nanos : before * weight + nanos * (1 - weight);
        latencyAtNanos = nowNanos;
    }

    /**
     * Takes an attempt that got no answer into account, which may have taken no time at all: as twice of what is
     * expected, a second at least and, unless it did take longer, a minute at most.
     */
    void failed(long nanos, long nowNanos) {
        double penalty = Math.min(MOST_BY_FAILURES_NANOS, Math.max(LEAST_OF_FAILURE_NANOS, 2 * latency(nowNanos)));
        took(Math.max(nanos, (long) penalty), nowNanos);
    }

    /** Forgotten slowly where nothing new is measured, so that a peer that was slow or failed is asked again. */
    private double latency(long nowNanos) {
        return latencyNanos * Math.exp(-Math.max(0, nowNanos - latencyAtNanos) / DECAY_NANOS);
    }

    /** What one more request is expected to take; nobody waits for two answers of a peer that never gave one. */
    double cost(long nowNanos) {
        int waiting = inFlight.get();
        double latency = latency(nowNanos);
        return latency == 0 && waiting > 0 ? Double.MAX_VALUE / 2 : latency * (waiting + 1);
    }
}
