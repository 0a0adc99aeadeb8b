package dev.sluice.benchmarks;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a change costs: a snapshot of so many routes and as many implementations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SnapshotBenchmark {
    @Param("10000")
    public int routes;

    private List<Entity> entities = List.of();
    private Snapshot snapshot = Snapshot.empty("default");
    private byte[] written = new byte[0];

    @Setup
    public void build() {
        entities = Configurations.entities(routes);
        snapshot = Snapshot.of("default", new Revision(1, 1), entities);
        written = SnapshotFormat.write(snapshot);
    }

    /** From entity bytes to a table that serves. */
    @Benchmark
    public RouteTable compile() {
        return RouteTable.compile(snapshot);
    }

    /** Order and digest, entity hashes being known. */
    @Benchmark
    public Snapshot digest() {
        return Snapshot.of("default", snapshot.revision(), entities);
    }

    /** The next revision, in which one entity is another. */
    @Benchmark
    public Snapshot changeOneEntity() {
        Entity old = entities.get(0);
        Entity changed = Entity.of(old.kind(), old.id(), old.bytes());
        return snapshot.with(snapshot.revision().next(), List.of(changed), List.of());
    }

    @Benchmark
    public byte[] write() {
        return SnapshotFormat.write(snapshot);
    }

    /** All checks included: order, hash of every entity, digest. */
    @Benchmark
    public Snapshot read() {
        return SnapshotFormat.read(written);
    }
}
