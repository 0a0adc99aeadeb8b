package dev.sluice.launcher;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SluiceProcess;
import java.net.URI;
import java.util.List;

/** How the processes of a data directory are started: their heaps, addresses and settings. */
final class PlaneProcesses {
    private static final List<String> PLANE_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto");
    private static final List<String> ECHO_JVM =
            List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto");

    /** Nothing watches readiness of a quickstart, so its runtimes give no long notice before they stop accepting. */
    private static final String DRAIN_NOTICE_MS = "500";

    private static final int TLS_PORT_OFFSET = 443;

    private final Checkout checkout;
    private final Home home;
    private final Secrets secrets;
    private final ChildEnvironment inherited;

    PlaneProcesses(Checkout checkout, Home home, ChildEnvironment inherited) {
        this.checkout = checkout;
        this.home = home;
        this.secrets = home.secrets();
        this.inherited = inherited;
    }

    /**
     * Addresses of a control plane.
     *
     * @param cluster its cluster member, which runtimes join
     */
    record ControlPlanePorts(int api, int runtimeApi, int cluster, int bus) {}

    /** A process and the address that answers 200 once it is ready. */
    record Startable(ChildSpec spec, URI ready) {}

    Startable controlPlane(ControlPlanePorts ports, String postgresUri) {
        secrets.write("postgres-uri", postgresUri);
        ChildEnvironment environment = inherited
                .copyFor(SluiceProcess.CONTROL_PLANE)
                .setFile(Setting.SECRET_KEY, secrets.keptFile("secret-key"))
                .setFile(Setting.POSTGRES_URI, secrets.file("postgres-uri"))
                .setLoopback(Setting.API_BIND, ports.api())
                .setLoopback(Setting.RUNTIME_API_BIND, ports.runtimeApi())
                .setLoopback(Setting.CLUSTER_BIND, ports.cluster())
                .setLoopback(Setting.CLUSTER_MEMBERS, ports.cluster())
                .setLoopback(Setting.BUS_BIND, ports.bus());
        return startable(
                ChildSpec.java(
                        "control-plane",
                        PLANE_JVM,
                        checkout.controlPlaneJar(),
                        List.of(),
                        environment.variables(),
                        home.log("control-plane")),
                ports.api(),
                "/health/ready");
    }

    /** @param joinToken what it joins with, unless it has joined before */
    Startable runtime(String name, int proxyPort, ControlPlanePorts controlPlane, String joinToken) {
        int statusPort = Ports.free();
        secrets.write("join-token-of-" + name, joinToken);
        ChildEnvironment environment = inherited
                .copyFor(SluiceProcess.RUNTIME)
                .setFile(Setting.JOIN_TOKEN, secrets.file("join-token-of-" + name))
                .set(Setting.CONTROL_PLANES, "https://127.0.0.1:" + controlPlane.runtimeApi())
                .set(Setting.RUNTIME_NAME, name)
                .set(Setting.DATA_DIR, home.runtime(name).toString())
                .setLoopback(Setting.PROXY_BIND, proxyPort)
                .setLoopback(Setting.PROXY_TLS_BIND, tlsPort(proxyPort))
                .setLoopback(Setting.STATUS_BIND, statusPort)
                .setLoopback(Setting.CLUSTER_BIND, 0)
                .setLoopback(Setting.BUS_BIND, 0)
                .setLoopback(Setting.CLUSTER_MEMBERS, controlPlane.cluster())
                .setDefault(Setting.DRAIN_NOTICE_MS, DRAIN_NOTICE_MS);
        return startable(
                ChildSpec.java(
                        name, PLANE_JVM, checkout.runtimeJar(), List.of(), environment.variables(), home.log(name)),
                statusPort,
                "/ready");
    }

    Startable echo(int port) {
        return startable(
                ChildSpec.java(
                        "echo",
                        ECHO_JVM,
                        checkout.echoJar(),
                        List.of("--port", Integer.toString(port)),
                        inherited.copyWithoutSettings().variables(),
                        home.log("echo")),
                port,
                "/status/200");
    }

    /** 8443 beside 8000; where that is taken, any, which the runtime's log and {@code /status} tell. */
    static int tlsPort(int proxyPort) {
        int port = proxyPort + TLS_PORT_OFFSET;
        return port <= 65_535 && Ports.isFree(port) ? port : 0;
    }

    private static Startable startable(ChildSpec spec, int port, String readyPath) {
        return new Startable(spec, URI.create("http://127.0.0.1:" + port + readyPath));
    }
}
