package dev.sluice.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The same benchmarks by the processor time of the measuring thread rather than by the clock, for machines on which
 * others work too. Prints the median and the least of the rounds, each after a warm-up.
 */
public final class CpuTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 500_000_000;
    private static final int WARM_UP_ROUNDS = 3;

    @Nullable
    Object last; // written so that nothing measured can be left out

    private CpuTimes() {}

    public static void main(String... kinds) {
        CpuTimes times = new CpuTimes();
        for (String kind : kinds.length > 0 ? kinds : new String[] {"prefix", "host_and_prefix", "regex", "no_match"}) {
            for (int routes : new int[] {10, 1000, 10000}) {
                RouteMatchBenchmark benchmark = new RouteMatchBenchmark();
                benchmark.kind = kind;
                benchmark.routes = routes;
                benchmark.compile();
                times.print(kind + " " + routes, 1000, benchmark::match);
            }
        }
        SnapshotBenchmark snapshots = new SnapshotBenchmark();
        snapshots.routes = 10000;
        snapshots.build();
        times.print("compile", 1, snapshots::compile);
        times.print("digest", 1, snapshots::digest);
        times.print("changeOneEntity", 1, snapshots::changeOneEntity);
        times.print("write", 1, snapshots::write);
        times.print("read", 1, snapshots::read);
        PathNormalizerBenchmark paths = new PathNormalizerBenchmark();
        for (String path : PathNormalizerBenchmark.PATHS) {
            paths.path = path;
            times.print(path, 1000, paths::normalize);
        }
    }

    private void print(String what, int batch, Supplier<@Nullable Object> measured) {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            last = round(batch, measured);
        }
        double[] rounds = new double[ROUNDS];
        Arrays.setAll(rounds, i -> round(batch, measured));
        Arrays.sort(rounds);
        System.out.printf(Locale.ROOT, "%-52s %,14.0f ns (%,.0f)%n", what, rounds[ROUNDS / 2], rounds[0]);
    }

    private double round(int batch, Supplier<@Nullable Object> measured) {
        long start = THREADS.getCurrentThreadCpuTime();
        long done = 0;
        long used;
        do {
            for (int i = 0; i < batch; i++) {
                last = measured.get();
            }
            done += batch;
            used = THREADS.getCurrentThreadCpuTime() - start;
        } while (used < ROUND_NANOS);
        return (double) used / done;
    }
}
