package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.disk.DataDirectory;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.identity.RuntimeKey;
import dev.sluice.runtime.identity.StorageKey;
import dev.sluice.runtime.metrics.ControlPlaneClock;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.LastGood;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFollowerTest {
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();
    private final Vertx vertx = Vertx.vertx();
    private final SnapshotHolder holder = new SnapshotHolder();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        vertx.close().await();
        controlPlane.close();
    }

    private SnapshotFollower follower() {
        DataDirectory data = DataDirectory.open(directory);
        SealingKeys keys = StorageKey.open(data, null);
        IdentityStore store = IdentityStore.open(data, keys);
        RuntimeKey key = RuntimeKey.random();
        Identity identity = Identity.of(
                key, store.runtime(), controlPlane.certify(store.runtime(), key.certificateRequest(store.runtime())));
        store.take(identity);
        ControlPlaneClient client = new ControlPlaneClient(vertx, List.of(controlPlane.uri()));
        client.use(identity);
        TrustKeeper trust = new TrustKeeper(vertx, client, store, null, store::take);
        SnapshotIntake intake = new SnapshotIntake(
                new SnapshotCompiler(Instant::now),
                new LastGood(data.lastGood(), keys),
                trust,
                vertx.createSharedWorkerExecutor("snapshots", 1));
        return new SnapshotFollower(
                vertx,
                client,
                intake,
                holder,
                trust,
                new ControlPlaneClock(System.currentTimeMillis(), System::nanoTime),
                Duration.ofHours(1),
                null,
                new Ignored());
    }

    @Test
    void headsAnnouncedWithoutPauseDoNotKeepAFailedFetchFromBeingRepeated() {
        SnapshotFollower follower = follower();
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(now -> follower.start().onFailure(cause -> {
            throw new AssertionError(cause);
        }));
        eventually(() -> assertThat(controlPlane.fetches()).isPositive());
        AtomicLong announced = new AtomicLong(10);
        loop.runOnContext(
                now -> vertx.setPeriodic(5, id -> follower.headIs(new Revision(1, announced.incrementAndGet()))));

        eventually(() -> assertThat(controlPlane.fetches()).isGreaterThan(5));
        Snapshot head = Configurations.mockbin(1, 10, 9000, 0);
        controlPlane.serve(head);

        eventually(() -> assertThat(holder.current())
                .isNotNull()
                .extracting(served -> served.snapshot().revision())
                .isEqualTo(head.revision()));
    }

    private static final class Ignored implements SnapshotFollower.Events {
        @Override
        public void served(CompiledSnapshot compiled) {
            // the holder shows it
        }

        @Override
        public void refusalChanged() {
            // the follower shows it
        }

        @Override
        public void headMoved(Revision head) {
            // the test announces it
        }
    }
}
