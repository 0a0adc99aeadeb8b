package dev.sluice.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param name for people
 * @param environment all of its variables; nothing else is inherited
 * @param log where its output goes; what an earlier start wrote is kept once, beside it, as {@code …log.1}
 */
public record ChildSpec(String name, List<String> command, Map<String, String> environment, Path log) {
    public ChildSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A runnable jar on the Java that runs this process. */
    public static ChildSpec java(
            String name,
            List<String> jvmOptions,
            Path jar,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        return new ChildSpec(name, command, environment, log);
    }
}
