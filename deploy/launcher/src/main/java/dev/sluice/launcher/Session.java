package dev.sluice.launcher;

import dev.sluice.model.settings.Setting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stay at the terminal: processes are started, watched, and stopped when Ctrl-C or SIGTERM comes, or when one of
 * them ends by itself. The exit code is 0 after an orderly stop and 1 after a failure.
 */
final class Session {
    private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    private final Progress progress;
    private final Stack stack;
    private final Duration runtimeStop;
    private final AtomicInteger exitCode = new AtomicInteger();

    Session(Progress progress, Stack stack, Map<String, String> environment) {
        this.progress = progress;
        this.stack = stack;
        this.runtimeStop = STOP_MARGIN
                .plusMillis(milliseconds(environment, Setting.DRAIN_NOTICE_MS))
                .plusMillis(milliseconds(environment, Setting.DRAIN_DEADLINE_MS));
    }

    /** Runs until the end of this process. */
    void run(Runnable start) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            start.run();
            stack.watch();
        } catch (StoppingException e) {
            // a signal came: the hook is at work and ends this process
        } catch (RuntimeException e) {
            progress.text("\n" + describe(e) + "\n");
            exitCode.set(1);
            System.exit(1);
        }
    }

    private void stop() {
        if (!stack.stop(runtimeStop)) {
            exitCode.set(1);
        }
        progress.line("stopped");
        Runtime.getRuntime().halt(exitCode.get());
    }

    private static String describe(RuntimeException e) {
        return e instanceof StartFailedException ? String.valueOf(e.getMessage()) : "Unexpected: " + e;
    }

    private static long milliseconds(Map<String, String> environment, Setting setting) {
        String value = environment.getOrDefault(setting.environmentName(), String.valueOf(setting.defaultValue()));
        try {
            return Math.max(0, Long.parseLong(value));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
