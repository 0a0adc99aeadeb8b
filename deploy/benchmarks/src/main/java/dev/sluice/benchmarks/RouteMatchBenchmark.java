package dev.sluice.benchmarks;

import dev.sluice.model.config.Route;
import dev.sluice.model.routing.RequestDescription;
import dev.sluice.model.routing.RequestView;
import dev.sluice.model.routing.RouteMatch;
import dev.sluice.model.routing.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finds routes, and makes their upstream paths, for requests that differ from one another. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteMatchBenchmark {
    private static final int REQUESTS = 4096;

    @Param({"prefix", "host_and_prefix", "regex", "regex_open", "no_match"})
    public String kind = "";

    @Param({"10", "1000", "10000"})
    public int routes;

    private RouteTable table = RouteTable.compile(List.of(), List.of());
    private final RequestView[] requests = new RequestView[REQUESTS];
    private int next;

    @Setup
    public void compile() {
        List<Route> declared =
                switch (kind) {
                    case "host_and_prefix" -> Configurations.hostAndPrefixRoutes(routes);
                    case "regex" -> Configurations.regexRoutes(routes);
                    case "regex_open" -> Configurations.openRegexRoutes(routes);
                    default -> Configurations.prefixRoutes(routes);
                };
        IntFunction<RequestView> request =
                switch (kind) {
                    case "host_and_prefix" -> i -> request(Configurations.hostOf(i), "/v1/items/42");
                    case "no_match" -> i -> request("example.com", "/team-" + i % 37 + "/absent-" + i + "/42");
                    default -> i -> request("example.com", Configurations.prefixOf(i) + "/42");
                };
        table = RouteTable.compile(Configurations.implementations(routes), declared);
        Random random = new Random(1);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = request.apply(random.nextInt(routes));
            if ((table.match(requests[i]) == null) != kind.equals("no_match")) {
                throw new IllegalStateException("not what is to be measured: " + requests[i]);
            }
        }
    }

    @Benchmark
    public @Nullable RouteMatch match() {
        next = (next + 1) % REQUESTS;
        return table.match(requests[next]);
    }

    private static RequestView request(String host, String path) {
        return new RequestDescription("GET", false, host, -1, path, null, Map.of());
    }
}
