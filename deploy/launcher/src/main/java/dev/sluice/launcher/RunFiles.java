package dev.sluice.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Which process goes by which name, so that what a killed launcher left behind is found by the next one. */
final class RunFiles {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Path directory;

    RunFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void note(String name, long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            try {
                Files.writeString(file(name), pid + " " + startedAt(process) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Every name that a process was ever noted by. */
    List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process of this name, if it still runs: a number that was taken by another process since is none. */
    Optional<ProcessHandle> leftover(String name) {
        if (!Files.exists(file(name))) {
            return Optional.empty();
        }
        try {
            String[] parts = Files.readString(file(name)).strip().split(" ", -1);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> parts.length == 2 && parts[1].equals(Long.toString(startedAt(process))));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** SIGTERM, then SIGKILL where that did not end it in time. */
    static void stop(ProcessHandle process, Duration atMost) {
        process.destroy();
        if (!ended(process, atMost)) {
            process.destroyForcibly();
            if (!ended(process, Duration.ofSeconds(10))) {
                throw new StartFailedException("Process " + process.pid() + " of an earlier start does not end");
            }
        }
    }

    private static boolean ended(ProcessHandle process, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return !process.isAlive();
    }

    private static long startedAt(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(instant -> instant.toEpochMilli())
                .orElse(0L);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
