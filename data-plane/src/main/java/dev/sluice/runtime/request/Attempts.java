package dev.sluice.runtime.request;

import dev.sluice.model.config.Implementation;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.upstream.Destination;
import dev.sluice.runtime.upstream.Turn;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.util.Set;

/** The attempt phase: tries until an answer begins, or nothing more may be tried. */
final class Attempts {
    /** RFC 9110 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

    private final Exchange exchange;
    private final Implementation implementation;
    private int retriesLeft;
    private boolean staleConnectionForgiven;

    Attempts(Exchange exchange, Implementation implementation) {
        this.exchange = exchange;
        this.implementation = implementation;
        this.retriesLeft = implementation.retries();
    }

    /** An answer that began, and the attempt that got it. */
    record Answered(Attempt attempt, HttpClientResponse response) {}

    /** Fails with a {@link RequestFailed}. */
    Future<Answered> run() {
        if (exchange.body().present()) {
            exchange.request().pause();
        }
        return next();
    }

    private Future<Answered> next() {
        Attempt attempt = new Attempt(exchange, implementation, Turn.at(Destination.of(implementation)));
        return attempt.run().map(response -> new Answered(attempt, response)).recover(thrown -> {
            boolean again = thrown instanceof RequestFailed failed && mayRepeat(attempt, failed.failure());
            return again ? next() : Future.failedFuture(thrown);
        });
    }

    private boolean mayRepeat(Attempt attempt, Failure failure) {
        boolean harmless = !attempt.written()
                || IDEMPOTENT.contains(exchange.request().method().name());
        if (exchange.over() || !harmless || !exchange.body().replayable()) {
            return false;
        }
        if (failure == Failure.UPSTREAM_CLOSED && attempt.reused() && !staleConnectionForgiven) {
            staleConnectionForgiven = true;
            return true;
        }
        return failure.repeatable() && retriesLeft-- > 0;
    }
}
