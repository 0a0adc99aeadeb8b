package dev.sluice.launcher;

import dev.sluice.model.settings.Setting;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The token of the REST API: the one that the environment gives, else one that is made and kept.
 *
 * @param value what a request has to show
 * @param environment what the control plane inherits, this token in it
 */
record AdminToken(String value, ChildEnvironment environment) {
    /** @throws RefusedException when the environment names a file that cannot be read */
    static AdminToken of(Map<String, String> environment, Secrets secrets) {
        String given = environment.get(Setting.ADMIN_TOKEN.environmentName());
        String file = environment.get(ChildEnvironment.fileName(Setting.ADMIN_TOKEN));
        ChildEnvironment inherited = new ChildEnvironment(environment);
        if (given != null) {
            return new AdminToken(given.strip(), inherited);
        }
        if (file != null) {
            try {
                return new AdminToken(Secrets.read(Path.of(file)), inherited);
            } catch (UncheckedIOException e) {
                throw new RefusedException(
                        ChildEnvironment.fileName(Setting.ADMIN_TOKEN) + " is '" + file + "', which cannot be read");
            }
        }
        String made = secrets.keep("admin-token");
        return new AdminToken(made, inherited.setFile(Setting.ADMIN_TOKEN, secrets.keptFile("admin-token")));
    }
}
