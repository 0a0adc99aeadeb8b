package dev.sluice.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/** A source tree of Sluice with what was built in it. */
public record Checkout(Path directory) {
    /** System property that names the directory. */
    static final String PROPERTY = "sluice.checkout";

    /**
     * The tree that {@code -Dsluice.checkout} names, else the one that the working directory lies in.
     *
     * @throws IllegalStateException when there is none
     */
    public static Checkout find() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return new Checkout(Path.of(named).toAbsolutePath().normalize());
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("deploy/launcher")) && Files.isDirectory(at.resolve("control-plane"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException("The working directory lies in no checkout of Sluice");
    }

    public Path controlPlaneJar() {
        return directory.resolve("control-plane/target/control-plane.jar");
    }

    public Path runtimeJar() {
        return directory.resolve("data-plane/target/data-plane.jar");
    }

    public Path echoJar() {
        return directory.resolve("deploy/echo/target/echo.jar");
    }
}
