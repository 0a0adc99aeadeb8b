package dev.sluice.it;

import dev.sluice.launcher.Checkout;
import dev.sluice.launcher.ChildEnvironment;
import dev.sluice.launcher.ChildSpec;
import dev.sluice.launcher.Ports;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.trust.SealingKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The addresses that belong together in one test class, and how its processes are started. */
final class Fleet {
    private static final List<String> JVM = List.of(
            "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:+ExitOnOutOfMemoryError");

    /** So that a test that stops a runtime does not wait for a front end that is not there. */
    private static final String DRAIN_NOTICE_MS = "300";

    private final Release release;
    private final Path directory;
    private final String postgresUri;
    private final String adminToken;
    private final Map<Setting, String> settings;
    private final String secretKey =
            HexFormat.of().formatHex(SealingKey.random().bytes());
    private final List<ControlPlanePorts> controlPlanes;

    private record ControlPlanePorts(int api, int runtimeApi, int cluster, int bus) {}

    /** @param release of which its processes are, until {@link Member#release} says otherwise */
    Fleet(
            Release release,
            Path directory,
            String postgresUri,
            String adminToken,
            int controlPlanes,
            Map<Setting, String> settings) {
        this.release = release;
        this.directory = directory;
        this.postgresUri = postgresUri;
        this.adminToken = adminToken;
        this.settings = settings;
        this.controlPlanes = IntStream.range(0, controlPlanes)
                .mapToObj(index -> new ControlPlanePorts(Ports.free(), Ports.free(), Ports.free(), Ports.free()))
                .toList();
    }

    Member controlPlane(int index) {
        ControlPlanePorts ports = controlPlanes.get(index);
        ChildEnvironment environment = environment()
                .set(Setting.POSTGRES_URI, postgresUri)
                .set(Setting.ADMIN_TOKEN, adminToken)
                .set(Setting.SECRET_KEY, secretKey)
                .set(
                        Setting.CLUSTER_MEMBERS,
                        controlPlanes.stream()
                                .map(each -> "127.0.0.1:" + each.cluster())
                                .collect(Collectors.joining(",")))
                .setLoopback(Setting.API_BIND, ports.api())
                .setLoopback(Setting.RUNTIME_API_BIND, ports.runtimeApi())
                .setLoopback(Setting.CLUSTER_BIND, ports.cluster())
                .setLoopback(Setting.BUS_BIND, ports.bus());
        return member(
                "control-plane-" + (index + 1),
                Release::controlPlaneJar,
                List.of(),
                environment,
                ports.api(),
                loopback(ports.api(), "/health/ready"));
    }

    /** @param joinToken what it joins with */
    Member runtime(int index, String joinToken) {
        String name = "runtime-" + (index + 1);
        int proxyPort = Ports.free();
        int statusPort = Ports.free();
        String runtimeApis = controlPlanes.stream()
                .map(ports -> "https://127.0.0.1:" + ports.runtimeApi())
                .collect(Collectors.joining(","));
        ChildEnvironment environment = environment()
                .set(Setting.CONTROL_PLANES, runtimeApis)
                .set(Setting.JOIN_TOKEN, joinToken)
                .set(Setting.RUNTIME_NAME, name)
                .set(Setting.DATA_DIR, directory.resolve(name).toString())
                .setLoopback(Setting.PROXY_BIND, proxyPort)
                .setLoopback(Setting.PROXY_TLS_BIND, 0)
                .setLoopback(Setting.STATUS_BIND, statusPort)
                .setLoopback(Setting.CLUSTER_BIND, 0)
                .setLoopback(Setting.BUS_BIND, 0)
                .setDefault(Setting.DRAIN_NOTICE_MS, DRAIN_NOTICE_MS);
        return member(name, Release::runtimeJar, List.of(), environment, proxyPort, loopback(statusPort, "/ready"));
    }

    Member echo() {
        int port = Ports.free();
        return member(
                "echo",
                any -> Checkout.find().echoJar(),
                List.of("--port", Integer.toString(port)),
                environment(),
                port,
                loopback(port, "/status/200"));
    }

    private ChildEnvironment environment() {
        Map<String, String> inherited = new HashMap<>(System.getenv());
        inherited.keySet().removeIf(name -> name.startsWith("SLUICE_"));
        ChildEnvironment environment = new ChildEnvironment(inherited);
        settings.forEach(environment::set);
        return environment;
    }

    private Member member(
            String name,
            Function<Release, Path> jar,
            List<String> arguments,
            ChildEnvironment environment,
            int port,
            URI ready) {
        Function<Release, ChildSpec> specs = of -> ChildSpec.java(
                name,
                JVM,
                jar.apply(of),
                arguments,
                of.known(environment.variables()),
                directory.resolve("logs/" + name + ".log"));
        return new Member(specs, release, loopback(port, ""), ready);
    }

    private static URI loopback(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
