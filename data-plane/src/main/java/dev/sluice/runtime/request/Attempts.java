package dev.sluice.runtime.request;

import dev.sluice.model.config.Implementation;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.balance.RetryBudget;
import dev.sluice.runtime.balance.Selection;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.upstream.Destination;
import dev.sluice.runtime.upstream.Turn;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The attempt phase, and before it that of taking the body, where that comes first: tries until an answer begins, or
 * nothing more may be tried. Of an upstream each attempt gets another target, while there is one.
 */
final class Attempts {
    /** RFC 9110 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

    private final Exchange exchange;
    private final Implementation implementation;
    private final @Nullable CompiledUpstream upstream;
    private final Selection selection;
    private final RetryBudget budget;
    private final boolean idempotent;
    private int retriesLeft;
    private boolean staleConnectionForgiven;

    Attempts(Exchange exchange, Implementation implementation) {
        this.exchange = exchange;
        this.implementation = implementation;
        this.upstream = exchange.upstream();
        this.budget = exchange.loop().retryBudgets().of(implementation.id());
        this.idempotent = IDEMPOTENT.contains(exchange.request().method().name());
        this.retriesLeft = implementation.retries();
        this.selection = new Selection(
                implementation.protocol().tls(),
                idempotent && retriesLeft > 0,
                declared -> HashKeys.of(exchange, declared));
    }

    /** An answer that began, and the attempt that got it. */
    record Answered(Attempt attempt, HttpClientResponse response) {}

    /** Takes the body where it comes first, then tries. Fails with a {@link RequestFailed}. */
    Future<Answered> run() {
        Long limit = implementation.requestTimeout();
        if (limit != null) {
            exchange.limit(limit);
        }
        RequestBody body = exchange.body();
        if (body.comesFirst()) {
            return body.take().compose(taken -> begin());
        }
        if (body.present()) {
            exchange.request().pause();
        }
        return begin();
    }

    private Future<Answered> begin() {
        budget.requested(System.nanoTime());
        return next(null);
    }

    /** @param before why the attempt before failed; null for the first */
    private Future<Answered> next(@Nullable Throwable before) {
        if (upstream == null) {
            return attempt(Turn.at(Destination.of(implementation)));
        }
        Future<Void> ready = exchange.loop().balancer().ready(upstream);
        if (ready.isComplete()) {
            return atTarget(upstream, before);
        }
        return ready.timeout(implementation.connectTimeout(), TimeUnit.MILLISECONDS)
                .recover(late -> Future.failedFuture(
                        late instanceof TimeoutException ? new RequestFailed(Failure.CONNECT_TIMEOUT, late) : late))
                .compose(known -> atTarget(upstream, before));
    }

    private Future<Answered> atTarget(CompiledUpstream declared, @Nullable Throwable before) {
        if (exchange.over()) {
            return Future.failedFuture(new RequestFailed(Failure.CLIENT_GONE)); // gone while names were looked up
        }
        try {
            return attempt(exchange.loop().balancer().next(declared, selection));
        } catch (RequestFailed none) {
            return Future.failedFuture(before == null ? none : before);
        }
    }

    private Future<Answered> attempt(Turn turn) {
        Attempt attempt = new Attempt(exchange, implementation, turn);
        return attempt.run().map(response -> answered(attempt, response)).recover(thrown -> {
            boolean again = thrown instanceof RequestFailed failed && mayRepeat(attempt, failed.failure());
            return again ? next(thrown) : Future.failedFuture(thrown);
        });
    }

    private Answered answered(Attempt attempt, HttpClientResponse response) {
        exchange.body().forget();
        if (response.statusCode() == 101) {
            exchange.unlimited();
        }
        return new Answered(attempt, response);
    }

    private boolean mayRepeat(Attempt attempt, Failure failure) {
        boolean harmless = !attempt.written() || idempotent || failure.untouched();
        if (exchange.over() || !harmless || !exchange.body().replayable()) {
            return false;
        }
        boolean stale = failure == Failure.UPSTREAM_CLOSED || failure == Failure.GOING_AWAY;
        if (stale && attempt.reused() && !staleConnectionForgiven) {
            staleConnectionForgiven = true;
            return true;
        }
        // A target that breaks off before its answer is left for another; a host that stands alone is not asked again.
        boolean repeatable = failure.repeatable() || (failure == Failure.UPSTREAM_CLOSED && upstream != null);
        if (!repeatable || retriesLeft == 0) {
            return false;
        }
        retriesLeft--;
        boolean granted = budget.take(System.nanoTime());
        if (!granted) {
            exchange.loop().meters().retryRefused();
        }
        return granted;
    }
}
