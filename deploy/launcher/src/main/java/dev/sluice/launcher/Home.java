package dev.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of all that a quickstart keeps. */
record Home(Path directory) {
    /** Makes the directory if need be. */
    static Home at(Path directory) {
        try {
            Files.createDirectories(directory.resolve("logs"));
            return new Home(directory.toRealPath());
        } catch (IOException e) {
            throw new RefusedException("the data directory " + directory + " cannot be made: " + e.getMessage());
        }
    }

    Secrets secrets() {
        return new Secrets(directory.resolve("secrets"));
    }

    PortBook ports() {
        return new PortBook(directory.resolve("ports.properties"));
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    Path runtime(String name) {
        return directory.resolve(name);
    }

    RunFiles runFiles() {
        return new RunFiles(directory.resolve("run"));
    }

    /** Held by the quickstart that runs on this directory. */
    Path lock() {
        return directory.resolve("lock");
    }

    /** Held by the process that started this runtime. */
    Path runtimeLock(String name) {
        return directory.resolve(name + ".lock");
    }
}
