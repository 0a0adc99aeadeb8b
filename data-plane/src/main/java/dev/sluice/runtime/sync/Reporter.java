package dev.sluice.runtime.sync;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.metrics.CountLedger.Batch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane once a second what this runtime serves and what it counted, and at once when that changes. One
 * report is under way at most. While reports fail, what they would have carried is spooled. For the control loop alone,
 * but for {@link #lastAnswerNanos}.
 */
final class Reporter {
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int TICKS_A_REPORT = 2;
    private static final Duration FINAL_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FINAL_PAUSE = Duration.ofMillis(200);

    private final Vertx vertx;
    private final ControlPlaneClient client;
    private final Supplier<RuntimeIdentity> identity;
    private final Supplier<RuntimeState> state;
    private final CountKeeper counts;
    private final ControlPlaneClock clock;
    private final Consumer<ReportAnswer> answered;

    private long sequence;
    private long ticks;
    private long timer = -1;
    private boolean stopping;
    private Future<Void> collection = Future.succeededFuture();
    private boolean again;
    private boolean troubled;
    private Future<Boolean> underWay = Future.succeededFuture(true);
    private String lastFailure = "";
    private volatile long lastAnswerNanos;
    private volatile boolean everAnswered;

    Reporter(
            Vertx vertx,
            ControlPlaneClient client,
            Supplier<RuntimeIdentity> identity,
            Supplier<RuntimeState> state,
            CountKeeper counts,
            ControlPlaneClock clock,
            Consumer<ReportAnswer> answered) {
        this.vertx = vertx;
        this.client = client;
        this.identity = identity;
        this.state = state;
        this.counts = counts;
        this.clock = clock;
        this.answered = answered;
    }

    void start() {
        timer = vertx.setPeriodic(TICK.toMillis(), id -> tick());
    }

    /** A report as soon as the one under way is through. */
    void reportSoon() {
        if (stopping || !client.joined()) {
            return;
        }
        if (underWay.isComplete()) {
            send(false);
        } else {
            again = true;
        }
    }

    /** Whether a control plane acknowledged a report within that time. */
    boolean answeredWithin(Duration time) {
        return everAnswered && System.nanoTime() - lastAnswerNanos < time.toNanos();
    }

    /** Reports no more. */
    void halt() {
        stopping = true;
        vertx.cancelTimer(timer);
    }

    /**
     * Delivers everything, the very last report saying that the runtime has stopped; gives up after five seconds and
     * leaves the rest on disk. Called when no request is served any more.
     */
    Future<Void> finish() {
        halt();
        long deadline = System.nanoTime() + FINAL_PATIENCE.toNanos();
        return underWay.transform(done -> collection)
                .transform(done -> counts.collect())
                .transform(done -> deliverAll(deadline))
                .transform(done -> counts.spoolFirmly());
    }

    private Future<Void> deliverAll(long deadline) {
        if (!client.joined()) {
            return Future.succeededFuture();
        }
        return send(true).compose(delivered -> {
            if (delivered && counts.unacknowledgedRows() == 0) {
                return Future.succeededFuture();
            }
            if (System.nanoTime() > deadline) {
                LOG.warn("{} rows of counts stay on disk for the next start", counts.unacknowledgedRows());
                return Future.succeededFuture();
            }
            Future<?> pause = delivered ? Future.succeededFuture() : vertx.timer(FINAL_PAUSE.toMillis());
            return pause.compose(now -> deliverAll(deadline));
        });
    }

    private void tick() {
        ticks++;
        boolean report = ticks % TICKS_A_REPORT == 0;
        if (!collection.isComplete()) {
            return;
        }
        collection = counts.collect();
        collection.onComplete(done -> {
            if (done.failed()) {
                LOG.error("Counts could not be taken over", done.cause());
            }
            if (troubled || !underWay.isComplete() || !client.joined()) {
                spool();
            }
            if (report) {
                reportSoon();
            }
        });
    }

    /** Answers whether the report was acknowledged; never fails. */
    @CanIgnoreReturnValue
    private Future<Boolean> send(boolean last) {
        again = false;
        long number = ++sequence;
        long asked = System.nanoTime();
        Future<Batch> batch = counts.batch();
        underWay = batch.compose(rows -> {
                    Report report = new Report(identity.get(), number, state(last && !rows.more()), rows.counts());
                    return counts.encode(report).compose(client::report);
                })
                .compose(answer -> {
                    lastAnswerNanos = System.nanoTime();
                    everAnswered = true;
                    clock.correct(answer.now(), asked, lastAnswerNanos);
                    return counts.acknowledge(batch.result()).map(answer);
                })
                .map(answer -> succeeded(answer, batch.result().more()))
                .recover(cause -> Future.succeededFuture(failed(cause)));
        Future<Boolean> sent = underWay;
        sent.onComplete(done -> {
            if (again && !stopping && underWay.isComplete()) {
                send(false);
            }
        });
        return sent;
    }

    private RuntimeState state(boolean stopped) {
        RuntimeState now = state.get();
        return new RuntimeState(
                now.epoch(),
                now.revision(),
                now.digest(),
                now.source(),
                now.stopping(),
                stopped,
                now.refusal(),
                now.memoryUsed(),
                now.memoryMax(),
                now.bus(),
                now.targets());
    }

    private boolean succeeded(ReportAnswer answer, boolean more) {
        if (troubled) {
            LOG.info("Reports are acknowledged again");
        }
        troubled = false;
        lastFailure = "";
        again |= more;
        answered.accept(answer);
        return true;
    }

    private boolean failed(Throwable cause) {
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            LOG.warn("A report was not acknowledged, counts are kept: {}", failure);
        }
        if (!troubled) {
            troubled = true;
            spool();
        }
        again = false; // at the normal pace, then
        return false;
    }

    private void spool() {
        counts.spool().onFailure(cause -> LOG.error("Counts could not be spooled", cause));
    }
}
