package dev.sluice.control;

import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.trust.MakeSecrets;
import dev.sluice.model.settings.CommandLine;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: settings, a control plane, an orderly end on SIGTERM. Exit code 2 means wrong settings. */
public final class ControlPlaneMain {
    private static final int WRONG_SETTINGS = 2;
    private static final int FAILED = 1;
    private static final long STOP_SECONDS = 15;
    private static final String MAKE_SECRETS = "--make-secrets";

    private ControlPlaneMain() {}

    public static void main(String[] arguments) {
        ControlPlaneSettings settings;
        try {
            if (arguments.length == 2 && arguments[0].equals(MAKE_SECRETS)) {
                List<String> made = MakeSecrets.into(Path.of(arguments[1]));
                String names = made.isEmpty() ? "nothing, all is there" : String.join(", ", made);
                say(System.out, "Made in " + arguments[1] + ": " + names + "\n");
                return;
            }
            CommandLine commandLine = CommandLine.parse(arguments);
            if (commandLine.help()) {
                say(System.out, help());
                return;
            }
            settings = ControlPlaneSettings.read(
                    SettingsReader.of(SluiceProcess.CONTROL_PLANE, System.getenv(), commandLine.config()));
        } catch (InvalidSettingsException e) {
            say(System.err, "sluice control-plane: " + e.getMessage() + "\n");
            System.exit(WRONG_SETTINGS);
            return;
        }
        run(settings);
    }

    private static void run(ControlPlaneSettings settings) {
        System.setProperty("hazelcast.logging.type", "slf4j"); // read before any configuration of it is
        Logger log = LoggerFactory.getLogger(ControlPlaneMain.class);
        ControlPlaneMeters meters = new ControlPlaneMeters();
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(meters.vertxMetrics())
                .build();
        AtomicReference<@Nullable ControlPlane> running = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, running.get(), log), "stop"));
        ControlPlane.start(vertx, settings, meters)
                .onSuccess(started -> {
                    running.set(started);
                    String token = started.firstToken();
                    if (token != null) {
                        say(System.out, "The administrator's token, shown this once: " + token + "\n");
                    }
                    log.info(
                            "Control plane is ready: REST API at {}, runtime API at {}",
                            started.api(),
                            started.runtimeApi());
                })
                .onFailure(failure -> {
                    if (failure instanceof InvalidSettingsException) {
                        // Settings that only the database shows to be wrong.
                        say(System.err, "sluice control-plane: " + failure.getMessage() + "\n");
                        Runtime.getRuntime().halt(WRONG_SETTINGS);
                    }
                    // An address in use and the like speak for themselves.
                    Throwable trace = failure instanceof IOException ? null : failure;
                    log.error("Control plane could not start: {}", failure.getMessage(), trace);
                    Runtime.getRuntime().halt(FAILED);
                });
    }

    private static void stop(Vertx vertx, @Nullable ControlPlane running, Logger log) {
        log.info("Stopping");
        // Each is awaited here: what comes after the event loops have ended reaches no context of theirs any more.
        boolean orderly = running == null || ended(running.close(), log);
        if (ended(vertx.close(), log) && orderly) {
            log.info("Stopped");
        }
        Runtime.getRuntime().halt(0);
    }

    private static boolean ended(Future<Void> closing, Logger log) {
        try {
            Void ignored = closing.await(STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | RuntimeException e) {
            log.warn("Not everything ended in order", e);
            return false;
        }
    }

    private static String help() {
        String settings = CommandLine.help(
                SluiceProcess.CONTROL_PLANE,
                "java -jar control-plane.jar",
                "Sluice control plane: declares services, versions, implementations and routes, and serves runtimes.");
        return settings + """

                  --make-secrets DIRECTORY
                      instead of starting: makes secret_key, admin_token, ca_certificate, ca_key and join_token, a file
                      each, where they are absent
                """;
    }

    private static void say(PrintStream out, String text) {
        out.print(text);
        out.flush();
    }
}
