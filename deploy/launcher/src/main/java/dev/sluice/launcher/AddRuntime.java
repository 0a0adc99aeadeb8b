package dev.sluice.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Starts one more runtime beside a quickstart that runs on the same data directory, and stays until it is stopped. */
final class AddRuntime {
    private static final int MOST_RUNTIMES = 100;

    private final Options options;
    private final Checkout checkout;
    private final Home home;
    private final Map<String, String> environment;

    AddRuntime(Options options, Checkout checkout, Home home, Map<String, String> environment) {
        this.options = options;
        this.checkout = checkout;
        this.home = home;
        this.environment = environment;
    }

    /** What people type to get here. */
    static String command(Checkout checkout, Home home) {
        Path standard = checkout.directory().resolve(".sluice");
        String command = quoted(checkout.directory().resolve("deploy/quickstart")) + " --add-runtime";
        return home.directory().equals(standard) ? command : command + " --data " + quoted(home.directory());
    }

    /** @throws RefusedException when no quickstart runs on the data directory */
    void run() {
        Quickstart.requireBuilt(checkout.runtimeJar());
        Optional<FileLease> lock = FileLease.take(home.lock());
        if (lock.isPresent()) {
            lock.get().close();
            throw new RefusedException("no quickstart runs on " + home.directory() + ": start one first");
        }
        PortBook book = home.ports();
        var controlPlane = new PlaneProcesses.ControlPlanePorts(
                book.remembered("api"), book.remembered("runtime-api"), book.remembered("cluster"), 0);
        Claimed claimed = claim();
        int proxyPort = freeProxyPort();
        PlaneProcesses processes = new PlaneProcesses(checkout, home, new ChildEnvironment(environment));
        Progress progress = new Progress(System.out);
        Loopback loopback = new Loopback();
        String api = "http://127.0.0.1:" + controlPlane.api();
        AdminToken token = AdminToken.of(environment, home.secrets());
        Stack stack = new Stack(progress, loopback, home.runFiles());
        new Session(progress, stack, environment).run(() -> {
            progress.line("starting " + claimed.name());
            String joinToken = new AdminApi(loopback, api, token.value()).joinToken(1);
            stack.start(processes.runtime(claimed.name(), proxyPort, controlPlane, joinToken));
            stack.awaitReady();
            progress.text("\n  Proxy   http://127.0.0.1:" + proxyPort + "\n  Log     " + home.log(claimed.name())
                    + "\n\nCtrl-C stops this runtime.\n");
        });
    }

    private record Claimed(String name, FileLease lease) {}

    /** The first runtime of the directory that nobody runs. */
    private Claimed claim() {
        for (int number = 1; number <= MOST_RUNTIMES; number++) {
            String name = "runtime-" + number;
            Optional<FileLease> lease = FileLease.take(home.runtimeLock(name));
            if (lease.isPresent()) {
                home.runFiles().leftover(name).ifPresent(process -> RunFiles.stop(process, Duration.ofSeconds(45)));
                return new Claimed(name, lease.get());
            }
        }
        throw new RefusedException("there are " + MOST_RUNTIMES + " runtimes on " + home.directory() + " already");
    }

    private int freeProxyPort() {
        for (int port = options.proxyPort(); port <= 65535; port += Options.PROXY_PORT_STEP) {
            if (Ports.isFree(port)) {
                return port;
            }
        }
        throw new RefusedException(
                "no port is free from " + options.proxyPort() + " on, in steps of " + Options.PROXY_PORT_STEP);
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
