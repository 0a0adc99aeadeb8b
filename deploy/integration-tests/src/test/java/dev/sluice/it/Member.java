package dev.sluice.it;

import dev.sluice.launcher.ChildProcess;
import dev.sluice.launcher.ChildSpec;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A control plane, runtime or echo that can be started again, on the same addresses and data.
 *
 * @see #process() for signals
 */
final class Member {
    private static final Duration READY_AT_MOST = Duration.ofMinutes(1);
    private static final Duration STOP_AT_MOST = Duration.ofSeconds(45);

    private final Function<Release, ChildSpec> specs;
    private final URI address;
    private final URI ready;
    private ChildSpec spec;
    private @Nullable ChildProcess process;

    /**
     * @param specs how it is started when it is of a release
     * @param address where it serves
     * @param ready what answers 200 once it does
     */
    Member(Function<Release, ChildSpec> specs, Release release, URI address, URI ready) {
        this.specs = specs;
        this.spec = specs.apply(release);
        this.address = address;
        this.ready = ready;
    }

    String name() {
        return spec.name();
    }

    URI address() {
        return address;
    }

    URI address(String path) {
        return URI.create(address + path);
    }

    /** What answers 200 once it serves. */
    URI ready() {
        return ready;
    }

    /** Whether it says now that it is ready. */
    boolean isReady() {
        return Http.isOk(ready);
    }

    /** The command and environment that it is started with. */
    ChildSpec spec() {
        return spec;
    }

    /** From its next start on it is of this release. */
    void release(Release release) {
        spec = specs.apply(release);
    }

    /** Starts it, and does not wait. */
    void start() {
        process = ChildProcess.start(spec);
    }

    /** Waits until it is ready; fails at once when it ends instead. */
    void awaitReady() {
        Await.until(READY_AT_MOST, name() + " is ready", () -> {
            if (!process().alive()) {
                throw new DiedError(name() + " ended, exit code " + process().exitCode());
            }
            return Http.isOk(ready);
        });
    }

    /** @throws IllegalStateException when it was never started */
    ChildProcess process() {
        ChildProcess current = process;
        if (current == null) {
            throw new IllegalStateException(name() + " was not started");
        }
        return current;
    }

    /** SIGKILL, and it is gone. */
    void kill() {
        process().kill();
        if (!process().awaitExit(STOP_AT_MOST)) {
            throw new AssertionError(name() + " outlives SIGKILL");
        }
    }

    /** SIGTERM; its exit code. */
    int terminate() {
        process().terminate();
        if (!process().awaitExit(STOP_AT_MOST)) {
            throw new AssertionError(name() + " does not stop within " + STOP_AT_MOST.toSeconds() + " s");
        }
        return process().exitCode();
    }

    /** Ends it whatever state it is in; nothing if it does not run. */
    void end() {
        if (process != null && process.alive()) {
            process.thaw();
            if (!process.stop(STOP_AT_MOST)) {
                System.err.println(name() + " had to be killed");
            }
        }
    }

    /** The end of its output; empty if it was never started. */
    String log(int lines) {
        return process == null ? "" : process.logTail(lines);
    }

    /** No exception, so that waiting ends at once. */
    private static final class DiedError extends AssertionError {
        private static final long serialVersionUID = 1L;

        DiedError(String message) {
            super(message);
        }
    }
}
