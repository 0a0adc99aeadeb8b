package dev.sluice.benchmarks;

import dev.sluice.model.routing.PathNormalizer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every request pays before it is matched: a path that is normal already, and others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PathNormalizerBenchmark {
    static final List<String> PATHS = List.of(PathNormalizerBenchmark.NORMAL, PathNormalizerBenchmark.OTHER);

    private static final String NORMAL = "/team-17/service-4711/items/42";
    private static final String OTHER = "/team-17/./service%2D4711//items/%E4%BD%A0";

    @Param({NORMAL, OTHER})
    public String path = "";

    @Benchmark
    public String normalize() {
        return PathNormalizer.normalize(path);
    }
}
