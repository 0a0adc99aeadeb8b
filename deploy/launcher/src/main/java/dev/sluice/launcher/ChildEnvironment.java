package dev.sluice.launcher;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SluiceProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The environment of a control plane or a runtime: one that is inherited, with settings put over it. */
public final class ChildEnvironment {
    private final Map<String, String> variables;

    /** @param inherited as {@link System#getenv()} */
    public ChildEnvironment(Map<String, String> inherited) {
        this.variables = new HashMap<>(inherited);
    }

    /** A copy for one kind of process, without the settings that it does not read: no secret travels further than need be. */
    ChildEnvironment copyFor(SluiceProcess process) {
        ChildEnvironment copy = new ChildEnvironment(variables);
        for (Setting setting : Setting.values()) {
            if (!setting.isReadBy(process)) {
                copy.variables.remove(setting.environmentName());
                copy.variables.remove(fileName(setting));
            }
        }
        return copy;
    }

    /** A copy for a program that reads no settings at all. */
    ChildEnvironment copyWithoutSettings() {
        ChildEnvironment copy = new ChildEnvironment(variables);
        copy.variables.keySet().removeIf(name -> name.startsWith("SLUICE_"));
        return copy;
    }

    @CanIgnoreReturnValue
    public ChildEnvironment set(Setting setting, String value) {
        variables.remove(fileName(setting));
        variables.put(setting.environmentName(), value);
        return this;
    }

    /** An address on the loopback interface. */
    @CanIgnoreReturnValue
    public ChildEnvironment setLoopback(Setting setting, int port) {
        return set(setting, new HostPort("127.0.0.1", port).toString());
    }

    /** Sets it unless it is there already. */
    @CanIgnoreReturnValue
    public ChildEnvironment setDefault(Setting setting, String value) {
        variables.putIfAbsent(setting.environmentName(), value);
        return this;
    }

    /** Passes a secret as the content of a file. */
    @CanIgnoreReturnValue
    public ChildEnvironment setFile(Setting secret, Path file) {
        variables.remove(secret.environmentName());
        variables.put(fileName(secret), file.toString());
        return this;
    }

    public Map<String, String> variables() {
        return Map.copyOf(variables);
    }

    static String fileName(Setting secret) {
        return secret.environmentName() + "_FILE";
    }
}
