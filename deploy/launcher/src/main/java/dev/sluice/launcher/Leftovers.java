package dev.sluice.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes that a quickstart left behind on its data directory because it was killed. */
final class Leftovers {
    private static final Duration AT_MOST = Duration.ofSeconds(45);

    private final Home home;
    private final Progress progress;

    Leftovers(Home home, Progress progress) {
        this.home = home;
        this.progress = progress;
    }

    /**
     * Stops them all, the runtimes too that will not be started again; those that {@code --add-runtime} holds go on.
     *
     * @param held the runtimes whose lease the caller holds
     */
    void stop(List<String> held) {
        RunFiles runFiles = home.runFiles();
        List<String> others = new ArrayList<>(runFiles.names());
        others.removeIf(name -> !name.startsWith("runtime-") || held.contains(name));
        held.forEach(name -> stop(runFiles, name));
        for (String name : others) {
            FileLease.take(home.runtimeLock(name)).ifPresent(lease -> {
                stop(runFiles, name);
                lease.close();
            });
        }
        stop(runFiles, "control-plane");
        stop(runFiles, "echo");
    }

    private void stop(RunFiles runFiles, String name) {
        runFiles.leftover(name).ifPresent(process -> {
            progress.line("stopping " + name + ", left behind by a quickstart that was killed");
            RunFiles.stop(process, AT_MOST);
        });
    }
}
