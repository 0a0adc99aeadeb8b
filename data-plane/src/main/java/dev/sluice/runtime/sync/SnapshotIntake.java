package dev.sluice.runtime.sync;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Trust;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.KeptSnapshot;
import dev.sluice.runtime.snapshot.LastGood;
import dev.sluice.runtime.snapshot.RefusedSnapshotException;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotSource;
import dev.sluice.runtime.snapshot.SnapshotTrust;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets snapshots in from wherever they come, and keeps those that are served, by what this runtime trusts. The work is
 * done on one worker thread, in order. For the control loop alone.
 */
final class SnapshotIntake {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotIntake.class);
    private static final String NOT_JOINED = "This runtime has not joined yet";

    private final SnapshotCompiler compiler;
    private final LastGood lastGood;
    private final TrustKeeper trust;
    private final WorkerExecutor worker;

    SnapshotIntake(SnapshotCompiler compiler, LastGood lastGood, TrustKeeper trust, WorkerExecutor worker) {
        this.compiler = compiler;
        this.lastGood = lastGood;
        this.trust = trust;
        this.worker = worker;
    }

    /** The last good snapshot on disk of the group that this runtime joined. */
    Future<Optional<CompiledSnapshot>> lastGood() {
        Trust now = trust.current();
        return now == null
                ? Future.succeededFuture(Optional.empty())
                : worker.executeBlocking(() -> lastGood.load(now.groupId(), compiler));
    }

    /**
     * What a control plane sent, compiled; fails with a {@link RefusedSnapshotException} when it must not be served, also
     * by what control planes say now that is to be trusted.
     *
     * @param served what is served of the same group at that time
     */
    Future<CompiledSnapshot> check(byte[] text, Supplier<@Nullable Snapshot> served) {
        return accept(text, served.get(), SnapshotSource.CONTROL_PLANE)
                .recover(cause -> cause instanceof RefusedSnapshotException refused && refused.trustMayHelp()
                        ? trust.refresh().compose(asked -> accept(text, served.get(), SnapshotSource.CONTROL_PLANE))
                        : Future.failedFuture(cause));
    }

    /** What a file holds, compiled; fails as {@link #check} does. */
    Future<CompiledSnapshot> seed(Path file) {
        return worker.executeBlocking(() -> Files.readAllBytes(file))
                .compose(text -> accept(text, null, SnapshotSource.SEED));
    }

    /** What is served now is kept. */
    void keep(Revision revision, byte[] text) {
        Trust now = trust.current();
        if (now != null) {
            worker.executeBlocking(() -> {
                        lastGood.save(revision, new KeptSnapshot(now.groupId(), now.contentKeys(), text));
                        return true;
                    })
                    .onFailure(cause -> LOG.error("Revision {} could not be kept", revision, cause));
        }
    }

    /** Completes when what was being kept is kept. */
    Future<Void> settled() {
        return worker.executeBlocking(() -> null);
    }

    private Future<CompiledSnapshot> accept(byte[] text, @Nullable Snapshot served, SnapshotSource source) {
        SnapshotTrust trusted = trust.ofSnapshots();
        return trusted == null
                ? Future.failedFuture(NOT_JOINED)
                : worker.executeBlocking(() -> compiler.accept(text, served, trusted, source));
    }
}
