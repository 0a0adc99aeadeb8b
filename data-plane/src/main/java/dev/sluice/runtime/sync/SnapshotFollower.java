package dev.sluice.runtime.sync;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Trust;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.RefusedSnapshotException;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.snapshot.SnapshotSource;
import dev.sluice.runtime.sync.ControlPlaneClient.Fetched;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is served at the head of the group: fetch, check, compile, swap, keep. One fetch is under way at most;
 * triggers that come meanwhile are one trigger; a failure is followed by a growing pause, a refused snapshot by none that
 * matters: the last good one stays. Before a snapshot is refused for want of trust, control planes are asked anew what to
 * trust. For the control loop alone, but for {@link #refusal} and {@link #head}.
 */
final class SnapshotFollower {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFollower.class);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ControlPlaneClient client;
    private final SnapshotIntake intake;
    private final SnapshotHolder holder;
    private final TrustKeeper trust;
    private final ControlPlaneClock clock;
    private final Events events;
    private final Duration pollEvery;
    private final @Nullable Path seed;
    private final Backoff backoff = new Backoff(LEAST_PAUSE, MOST_PAUSE);

    private boolean stopped;
    private boolean fetching;
    private boolean asked;
    private boolean wanted;
    private boolean again;
    private boolean seedTried;
    private int failures;
    private long timer = -1;
    private long dueNanos;
    private @Nullable String refusedEtag;
    private String lastFailure = "";
    private volatile @Nullable Refusal refusal;
    private volatile @Nullable Revision head;

    /** @param seed served when there is nothing better, or null */
    SnapshotFollower(
            Vertx vertx,
            ControlPlaneClient client,
            SnapshotIntake intake,
            SnapshotHolder holder,
            TrustKeeper trust,
            ControlPlaneClock clock,
            Duration pollEvery,
            @Nullable Path seed,
            Events events) {
        this.vertx = vertx;
        this.client = client;
        this.intake = intake;
        this.seed = seed;
        this.holder = holder;
        this.trust = trust;
        this.clock = clock;
        this.pollEvery = pollEvery;
        this.events = events;
    }

    /**
     * Serves the last good snapshot, where there is one, and asks the control plane when clients are served; without one
     * it asks at once. It goes on asking. A runtime that has not joined has neither, and waits for {@link #trustChanged}.
     */
    Future<Void> start() {
        if (trust.current() == null) {
            return Future.succeededFuture();
        }
        return intake.lastGood()
                .onSuccess(found -> found.ifPresent(this::serve))
                .onComplete(done -> {
                    if (holder.current() == null) {
                        fetch();
                    }
                })
                .mapEmpty();
    }

    /** Clients are served: what would have held that up may be done. */
    void clientsServed() {
        if (!asked && trust.current() != null) {
            fetch();
        }
    }

    /** The runtime has joined, or trusts others than before: what was refused may be taken now. */
    void trustChanged() {
        if (holder.current() != null && refusal == null) {
            fetch(); // a seed, maybe; or nothing is new
            return;
        }
        refusedEtag = null;
        if (fetching) {
            again = true;
        } else {
            fetch();
        }
    }

    /** No control plane lets this runtime in: it serves the seed, where there is one and nothing better. */
    void couldNotJoin() {
        if (holder.current() == null && seed != null && !seedTried) {
            serveSeed(seed);
        }
    }

    /** Fetches no more; completes when what is being kept is kept. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return intake.settled();
    }

    /** Somebody says that the group is at this revision. */
    void headIs(Revision told) {
        Revision known = head;
        if (known == null || told.isAfter(known)) {
            head = told;
            events.headMoved(told);
        }
        if (stopped || !isNews(told)) {
            return;
        }
        if (fetching) {
            wanted = true;
        } else if (backoff.active()) {
            hasten();
        } else {
            fetch();
        }
    }

    /** The last snapshot that was refused since the served one was put in place or found to be the head. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** The newest revision that anybody spoke of. */
    @Nullable
    Revision head() {
        return head;
    }

    /** Whether this revision is neither served, or older, nor known to be refused. */
    private boolean isNews(Revision told) {
        Snapshot served = servedOfThisGroup();
        Refusal refused = refusal;
        boolean servedAlready = served != null && !told.isAfter(served.revision());
        boolean refusedAlready =
                refused != null && refused.epoch() == told.epoch() && refused.revision() == told.number();
        return !servedAlready && !refusedAlready;
    }

    private void fetch() {
        if (fetching || stopped) {
            return;
        }
        fetching = true;
        asked = true;
        wanted = false;
        again = false;
        vertx.cancelTimer(timer);
        CompiledSnapshot served = holder.current();
        String etag = refusedEtag != null
                ? refusedEtag
                : served == null ? null : served.snapshot().etag();
        client.fetch(etag)
                .compose(fetched -> fetched == null ? Future.succeededFuture() : take(fetched))
                .onComplete(done -> {
                    fetching = false;
                    if (done.succeeded()) {
                        fetched();
                    } else {
                        failed(done.cause());
                    }
                });
    }

    private void fetched() {
        if (backoff.active()) {
            LOG.info("The control plane answers again");
        }
        backoff.reset();
        failures = 0;
        lastFailure = "";
        Revision known = head;
        if (again || (wanted && known != null && isNews(known))) {
            fetch();
        } else {
            long poll = pollEvery.toMillis();
            schedule(poll - poll / 10 + ThreadLocalRandom.current().nextLong(poll / 5 + 1));
        }
    }

    private void failed(Throwable cause) {
        failures++;
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            LOG.warn("Cannot fetch the snapshot, trying on: {}", failure);
        }
        if (failures == client.count() && holder.current() == null && seed != null) {
            serveSeed(seed);
        }
        // every control plane gets its turn before the first pause grows
        schedule(failures < client.count() ? 0 : backoff.nextMillis());
    }

    private void schedule(long millis) {
        if (!stopped) {
            vertx.cancelTimer(timer);
            long pause = Math.max(1, millis);
            dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
            timer = vertx.setTimer(pause, id -> fetch());
        }
    }

    /** Brings the next attempt forward to a shortest pause from now, jittered; one that comes that soon stays. */
    private void hasten() {
        if (dueNanos - System.nanoTime() > LEAST_PAUSE.toNanos()) {
            long least = LEAST_PAUSE.toMillis();
            schedule(least / 2 + ThreadLocalRandom.current().nextLong(least / 2 + 1));
        }
    }

    /** Puts a fetched snapshot in place, or refuses it; fails on neither. */
    private Future<Void> take(Fetched fetched) {
        byte[] text = fetched.bytes().getBytes();
        return intake.check(text, this::servedOfThisGroup)
                .map(compiled -> {
                    refusedEtag = null;
                    Snapshot now = servedOfThisGroup();
                    Revision revision = compiled.snapshot().revision();
                    if (now == null || revision.isAfter(now.revision())) {
                        serve(compiled);
                        intake.keep(revision, text);
                    } else if (revision.equals(now.revision())) {
                        nothingRefused();
                    }
                    return (Void) null;
                })
                .recover(cause -> {
                    if (cause instanceof RefusedSnapshotException refused) {
                        refuse(refused, fetched.etag());
                        return Future.succeededFuture();
                    }
                    return Future.failedFuture(cause);
                });
    }

    /**
     * What is served, in whose order of revisions others are told from newer ones. A seed may turn out to be of another
     * group than the one that the runtime joined.
     */
    private @Nullable Snapshot servedOfThisGroup() {
        CompiledSnapshot served = holder.current();
        Trust now = trust.current();
        if (served == null) {
            return null;
        }
        boolean strange = served.source() == SnapshotSource.SEED
                && now != null
                && !served.snapshot().group().equals(now.group());
        return strange ? null : served.snapshot();
    }

    private void serve(CompiledSnapshot compiled) {
        holder.swap(compiled);
        refusal = null;
        Snapshot snapshot = compiled.snapshot();
        LOG.info(
                "Serving revision {} of group {} ({} routes) from {}",
                snapshot.revision(),
                snapshot.group(),
                compiled.routes().routeCount(),
                compiled.source().wireName());
        events.served(compiled);
    }

    /** The head is what is served: what was refused before is nobody's concern any more. */
    private void nothingRefused() {
        Refusal before = refusal;
        if (before != null) {
            refusal = null;
            LOG.info("Revision {}, which was refused, is no longer the head; what is served is", before.revision());
            events.refusalChanged();
        }
    }

    private void refuse(RefusedSnapshotException refused, @Nullable String etag) {
        Revision revision = refused.revision();
        Refusal before = refusal;
        Refusal now = new Refusal(
                revision == null ? 0 : revision.epoch(),
                revision == null ? 0 : revision.number(),
                refused.reason(),
                clock.millis());
        // Signed anew it has the same ETag, so it is fetched again for as long as it is not trusted.
        refusedEtag = refused.trustMayHelp() ? null : etag;
        if (before != null
                && before.epoch() == now.epoch()
                && before.revision() == now.revision()
                && before.reason().equals(now.reason())) {
            return;
        }
        refusal = now;
        LOG.error(
                "Refused revision {}, what is served stays: {}",
                revision == null ? "unknown" : revision,
                refused.reason());
        events.refusalChanged();
    }

    private void serveSeed(Path file) {
        seedTried = true;
        intake.seed(file)
                .onSuccess(compiled -> {
                    if (holder.current() == null) {
                        serve(compiled);
                    }
                })
                .onFailure(cause -> LOG.error(
                        "Cannot serve the seed snapshot {}: {}. A seed is what a control plane of this runtime's answers to"
                                + " GET /v1/runtime-groups/GROUP/revisions/N/snapshot, which is signed",
                        file,
                        cause.getMessage()));
    }

    /** What the control loop is told. */
    interface Events {
        /** From now on this is served. */
        void served(CompiledSnapshot compiled);

        /** Something was not put in place, or that is over; {@link SnapshotFollower#refusal} says what and why. */
        void refusalChanged();

        /** A revision is heard of for the first time. */
        void headMoved(Revision head);
    }
}
