package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.RuntimeCaller;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.publish.DirectoryStore.HeadNow;
import dev.sluice.control.publish.DirectoryStore.Known;
import dev.sluice.control.status.CountRows;
import dev.sluice.control.status.CountStore;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.ReportAnswer;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes a valid report in, in one transaction under the lock of the runtime's row. Reports may be lost, doubled, late or
 * reordered, and come over several control planes at once: the state is that of the newest, the counts are exact.
 */
final class ReportIngest {
    private static final long LIVE_MILLIS = 3000;

    private final Database database;
    private final ControlPlaneMeters meters;
    private final Function<UUID, @Nullable String> trustVersion;
    private final DirectoryStore directory = new DirectoryStore();
    private final CountStore counts = new CountStore();

    /** @param trustVersion of what runtimes of a group are to trust */
    ReportIngest(Database database, ControlPlaneMeters meters, Function<UUID, @Nullable String> trustVersion) {
        this.database = database;
        this.meters = meters;
        this.trustVersion = trustVersion;
    }

    private record Taken(
            HeadNow head, CountStore.Added added, @Nullable Double propagationSeconds) {}

    /**
     * The answer, after the commit.
     *
     * @param caller whose report it is
     * @param rows what is recorded of the report's counts
     * @param passedOver number of its rows that are not
     */
    Future<ReportAnswer> take(RuntimeCaller caller, Report report, CountRows rows, int passedOver) {
        return database.transaction(connection -> takeIn(connection, caller, report, rows))
                .map(taken -> {
                    meters.reportTaken(taken.added.requests(), taken.added.unknownRows() + passedOver);
                    if (taken.propagationSeconds != null) {
                        meters.propagated(taken.head.head().group(), taken.propagationSeconds);
                    }
                    return new ReportAnswer(
                            taken.head.now().toEpochMilli(),
                            taken.head.head().revision().epoch(),
                            taken.head.head().revision().number(),
                            trustVersion.apply(taken.head.head().groupId()));
                });
    }

    /** Whether there is a group of this name. */
    Future<Boolean> isGroup(String name) {
        return database.read(client -> directory.isGroup(client, name));
    }

    private Future<Taken> takeIn(SqlConnection connection, RuntimeCaller caller, Report report, CountRows rows) {
        // Who is revoked or forgotten takes this lock too: so what is asked after it holds until the commit.
        return directory.lock(connection, caller.id()).compose(known -> directory
                .head(connection, caller)
                .compose(head -> takeState(connection, head.head().groupId(), report, known)
                        .compose(propagation -> counts.add(
                                        connection, head.head().groupId(), caller.id(), rows)
                                .map(added -> new Taken(head, added, propagation)))));
    }

    /** Brings the runtime's row up to date; the future's value is how long a new revision took to get there. */
    private Future<@Nullable Double> takeState(
            SqlConnection connection, UUID group, Report report, @Nullable Known known) {
        if (known != null) {
            return isNewer(report, known) ? update(connection, group, report, known) : Future.succeededFuture();
        }
        return directory
                .insert(connection, group, report)
                .compose(inserted -> inserted
                        ? directory.notifyServed(connection, group).mapEmpty()
                        : directory
                                .lock(connection, report.runtime().id())
                                .compose(present -> takeState(connection, group, report, present)));
    }

    private Future<@Nullable Double> update(SqlConnection connection, UUID group, Report report, Known known) {
        Future<Void> updated = directory.update(connection, group, report);
        if (!servesDifferently(report, known) && group.equals(known.groupId())) {
            return updated.mapEmpty();
        }
        return updated.compose(done -> directory.notifyServed(connection, group))
                .compose(done -> hasAdvanced(report, known)
                        ? directory.secondsSinceCommit(
                                connection, group, report.state().revision())
                        : Future.succeededFuture());
    }

    /**
     * Of one boot the higher sequence is newer. Of two boots the later start is, unless the other has fallen silent: a
     * machine's clock may have been set back between the two.
     */
    private static boolean isNewer(Report report, Known known) {
        if (report.runtime().boot().equals(known.boot())) {
            return report.sequence() > known.sequence();
        }
        return !Instant.ofEpochMilli(report.runtime().startedAt()).isBefore(known.startedAt())
                || known.stopped()
                || known.sinceLastSeenMillis() >= LIVE_MILLIS;
    }

    private static boolean servesDifferently(Report report, Known known) {
        RuntimeState state = report.state();
        return !report.runtime().boot().equals(known.boot())
                || state.epoch() != known.epoch()
                || state.revision() != known.revision()
                || !state.source().equals(known.source())
                || state.stopping() != known.stopping()
                || state.stopped() != known.stopped()
                || !Objects.equals(DirectoryStore.refusal(state.refusal()), known.refusal());
    }

    /** A running runtime went on to a revision that it fetched: its way there can be timed. */
    private static boolean hasAdvanced(Report report, Known known) {
        RuntimeState state = report.state();
        return report.runtime().boot().equals(known.boot())
                && state.source().equals("control_plane")
                && known.source().equals("control_plane")
                && state.epoch() == known.epoch()
                && state.revision() > known.revision();
    }
}
