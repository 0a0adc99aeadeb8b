package dev.sluice.launcher;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a quickstart, in the order in which they were started. Stops them in the reverse order of who needs
 * whom; nothing starts any more once that has begun.
 */
final class Stack {
    private static final Duration READY_AT_MOST = Duration.ofMinutes(3);
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final int TAIL_LINES = 20;

    private final Progress progress;
    private final Loopback loopback;
    private final RunFiles runFiles;
    private final Map<ChildProcess, URI> children = new LinkedHashMap<>();
    private final Set<ChildProcess> ready = new HashSet<>();
    private @Nullable EmbeddedDatabase database;
    private boolean stopping;

    Stack(Progress progress, Loopback loopback, RunFiles runFiles) {
        this.progress = progress;
        this.loopback = loopback;
        this.runFiles = runFiles;
    }

    synchronized void start(EmbeddedDatabase newDatabase) {
        requireNotStopping();
        database = newDatabase;
        newDatabase.start();
    }

    synchronized void start(PlaneProcesses.Startable startable) {
        requireNotStopping();
        ChildProcess child = ChildProcess.start(startable.spec());
        children.put(child, startable.ready());
        runFiles.note(child.name(), child.pid());
    }

    /**
     * Returns when every process so far has answered once that it is ready; tells which are still missing every few
     * seconds.
     */
    void awaitReady() {
        Map<ChildProcess, URI> missing = running();
        missing.keySet().removeAll(ready);
        Duration begin = progress.elapsed();
        Duration told = begin;
        while (!missing.isEmpty()) {
            requireAllAlive();
            for (ChildProcess child : List.copyOf(missing.keySet())) {
                if (loopback.answers(missing.getOrDefault(child, URI.create("")))) {
                    missing.remove(child);
                    ready.add(child);
                    progress.line(child.name() + " is ready");
                }
            }
            if (!missing.isEmpty() && progress.elapsed().minus(told).compareTo(TELL_EVERY) > 0) {
                told = progress.elapsed();
                progress.line("waiting for " + names(missing.keySet()));
            }
            if (!missing.isEmpty() && progress.elapsed().minus(begin).compareTo(READY_AT_MOST) > 0) {
                ChildProcess child = missing.keySet().iterator().next();
                throw new StartFailedException(
                        child.name() + " is not ready after " + READY_AT_MOST.toSeconds() + " seconds. " + tail(child));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Never returns while everything runs. @throws StartFailedException as soon as a process ended by itself */
    void watch() {
        while (true) {
            requireAllAlive();
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /**
     * Stops runtimes first, so that they can deliver their last counts, then control plane, echo and database.
     *
     * @param runtimeStop how long a runtime may take
     * @return whether nothing had to be killed
     */
    synchronized boolean stop(Duration runtimeStop) {
        stopping = true;
        List<ChildProcess> left = new ArrayList<>(children.keySet());
        List<ChildProcess> runtimes = left.stream()
                .filter(child -> child.name().startsWith("runtime-"))
                .toList();
        left.removeAll(runtimes);
        boolean orderly = stopTogether(runtimes, runtimeStop);
        for (ChildProcess child : left) {
            orderly &= stopTogether(List.of(child), Duration.ofSeconds(20));
        }
        boolean databaseOrderly = stopDatabase();
        return orderly && databaseOrderly;
    }

    private boolean stopTogether(List<ChildProcess> processes, Duration atMost) {
        List<ChildProcess> alive =
                processes.stream().filter(ChildProcess::alive).toList();
        if (alive.isEmpty()) {
            return true;
        }
        progress.line("stopping " + names(alive));
        alive.forEach(ChildProcess::terminate);
        boolean orderly = true;
        for (ChildProcess child : alive) {
            if (!child.awaitExit(atMost)) {
                child.kill();
                progress.line(child.name() + " did not stop in time and was killed");
                orderly = false;
            }
        }
        return orderly;
    }

    private boolean stopDatabase() {
        if (database == null || !database.running()) {
            return true;
        }
        progress.line("stopping PostgreSQL");
        try {
            database.stop();
            return true;
        } catch (StartFailedException | UncheckedIOException e) {
            progress.line(String.valueOf(e.getMessage()));
            database.kill();
            return false;
        }
    }

    private synchronized Map<ChildProcess, URI> running() {
        return new LinkedHashMap<>(children);
    }

    private synchronized void requireAllAlive() {
        requireNotStopping();
        for (ChildProcess child : children.keySet()) {
            if (!child.alive()) {
                throw new StartFailedException(
                        child.name() + " ended by itself, exit code " + child.exitCode() + ". " + tail(child));
            }
        }
        if (database != null && !database.running()) {
            throw new StartFailedException("PostgreSQL ended by itself. The last lines of " + database.log() + ":\n"
                    + database.logTail(TAIL_LINES));
        }
    }

    private void requireNotStopping() {
        if (stopping) {
            throw new StoppingException();
        }
    }

    private static String tail(ChildProcess child) {
        return "The last lines of " + child.spec().log() + ":\n" + child.logTail(TAIL_LINES);
    }

    private static String names(Iterable<ChildProcess> processes) {
        List<ChildProcess> all = new ArrayList<>();
        processes.forEach(all::add);
        return all.stream().map(ChildProcess::name).collect(Collectors.joining(", "));
    }
}
