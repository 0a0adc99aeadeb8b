package dev.sluice.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that was started here. It ignores the SIGINT and SIGHUP that a terminal sends to all processes in its
 * foreground, so that whoever started it decides in which order processes stop.
 */
public final class ChildProcess {
    /** What ignores a signal when it is executed, stays so; Java leaves an ignored signal alone. */
    private static final List<String> IGNORING_THE_TERMINAL =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final ChildSpec spec;
    private final Process process;

    private ChildProcess(ChildSpec spec, Process process) {
        this.spec = spec;
        this.process = process;
    }

    /** @throws StartFailedException when the system refuses */
    public static ChildProcess start(ChildSpec spec) {
        List<String> command = new ArrayList<>(IGNORING_THE_TERMINAL);
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(spec.log().toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        try {
            keepLastLog(spec.log());
            return new ChildProcess(spec, builder.start());
        } catch (IOException e) {
            throw new StartFailedException(spec.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    public ChildSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** SIGSTOP: it stands still until {@link #thaw}, as if its machine had frozen. */
    public void freeze() {
        Signals.send("STOP", pid());
    }

    /** SIGCONT. */
    public void thaw() {
        Signals.send("CONT", pid());
    }

    /** Waits for its end; false when it still runs after this time. */
    public boolean awaitExit(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** @throws IllegalThreadStateException when it still runs */
    public int exitCode() {
        return process.exitValue();
    }

    /** SIGTERM, and SIGKILL where that has not ended it in time; whether it stopped by itself. */
    public boolean stop(Duration atMost) {
        terminate();
        if (awaitExit(atMost)) {
            return true;
        }
        kill();
        if (!awaitExit(Duration.ofSeconds(10))) {
            throw new IllegalStateException(name() + " outlives SIGKILL");
        }
        return false;
    }

    /** Its last lines of output. */
    public String logTail(int lines) {
        return LogTail.of(spec.log(), lines);
    }

    private static void keepLastLog(Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
