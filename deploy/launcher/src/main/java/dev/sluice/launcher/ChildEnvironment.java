package dev.sluice.launcher;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.Setting;
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
