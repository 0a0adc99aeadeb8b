package dev.sluice.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Starts the whole of Sluice on one machine, tells how to use it, and stays until it is stopped. */
final class Quickstart {
    private final Options options;
    private final Checkout checkout;
    private final Home home;
    private final Map<String, String> environment;
    private final Progress progress = new Progress(System.out);
    private final Loopback loopback = new Loopback();
    private final List<FileLease> leases = new ArrayList<>();

    Quickstart(Options options, Checkout checkout, Home home, Map<String, String> environment) {
        this.options = options;
        this.checkout = checkout;
        this.home = home;
        this.environment = environment;
    }

    /** @throws RefusedException before anything was started, when it cannot be */
    void run() {
        requireBuilt(checkout.controlPlaneJar(), checkout.runtimeJar(), checkout.echoJar());
        leases.add(FileLease.take(home.lock())
                .orElseThrow(() -> new RefusedException("another quickstart runs on " + home.directory())));
        runtimeNames()
                .forEach(name -> leases.add(FileLease.take(home.runtimeLock(name))
                        .orElseThrow(() -> new RefusedException(name + " of " + home.directory()
                                + " runs already, started by --add-runtime: stop it first"))));
        new Leftovers(home, progress).stop(runtimeNames());
        AdminToken token = AdminToken.of(environment, home.secrets());
        PortBook book = home.ports();
        requireFree("--api-port", options.apiPort());
        proxyPorts().forEach(port -> requireFree("--proxy-port", port));
        book.remember("api", options.apiPort());
        Stack stack = new Stack(progress, loopback, home.runFiles());
        new Session(progress, stack, environment).run(() -> start(stack, book, token));
    }

    private void start(Stack stack, PortBook book, AdminToken token) {
        progress.text("Sluice quickstart; data in " + home.directory());
        progress.line(
                "starting PostgreSQL" + (Files.exists(home.postgres()) ? "" : ", the first time with its unpacking"));
        EmbeddedDatabase database =
                EmbeddedDatabase.prepare(home.postgres(), home.log("postgres"), home.secrets(), book.free("postgres"));
        stack.start(database);
        database.createDatabase("sluice");

        PlaneProcesses processes = new PlaneProcesses(checkout, home, token.environment());
        var controlPlane = new PlaneProcesses.ControlPlanePorts(
                options.apiPort(), book.free("runtime-api"), book.free("cluster"), book.free("bus"));
        int echoPort = book.free("echo");
        progress.line("starting control plane and echo");
        stack.start(processes.controlPlane(controlPlane, database.uri("sluice")));
        stack.start(processes.echo(echoPort));
        stack.awaitReady();
        AdminApi admin = new AdminApi(loopback, api(), token.value());
        progress.line("starting " + String.join(", ", runtimeNames()));
        String joinToken = admin.joinToken(options.runtimes());
        for (int i = 0; i < options.runtimes(); i++) {
            stack.start(processes.runtime(runtimeNames().get(i), proxyPorts().get(i), controlPlane, joinToken));
        }
        stack.awaitReady();
        tell(admin, token, echoPort);
    }

    private String api() {
        return "http://127.0.0.1:" + options.apiPort();
    }

    private void tell(AdminApi admin, AdminToken token, int echoPort) {
        List<String> proxies =
                proxyPorts().stream().map(port -> "http://127.0.0.1:" + port).toList();
        Walkthrough walkthrough = new Walkthrough(
                api(),
                proxies,
                token.value(),
                "http://127.0.0.1:" + echoPort,
                AddRuntime.command(checkout, home),
                home.logs(),
                options.demo());
        admin.offerProxyUrl(proxies.get(0));
        if (options.demo()) {
            admin.declareDemo(walkthrough);
        }
        progress.text(walkthrough.text());
    }

    private List<String> runtimeNames() {
        return IntStream.rangeClosed(1, options.runtimes())
                .mapToObj(number -> "runtime-" + number)
                .toList();
    }

    private List<Integer> proxyPorts() {
        return IntStream.range(0, options.runtimes())
                .mapToObj(index -> options.proxyPort() + index * Options.PROXY_PORT_STEP)
                .toList();
    }

    private static void requireFree(String option, int port) {
        if (!Ports.isFree(port)) {
            throw new RefusedException(
                    "port " + port + " of 127.0.0.1 is taken by another program: choose another by " + option);
        }
    }

    static void requireBuilt(Path... jars) {
        for (Path jar : jars) {
            if (!Files.exists(jar)) {
                throw new RefusedException(jar + " is not built: start by deploy/quickstart, which builds it");
            }
        }
    }
}
