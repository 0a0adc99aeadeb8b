package dev.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Under which account PostgreSQL runs, which refuses to run as root. Who is not root: under their own. Root: in a user
 * namespace of its own, where nobody is root and files stay root's; and where the system forbids that, as in a container
 * with default rights, under the account {@code postgres} or {@code nobody}, which then owns the data.
 */
final class PostgresAccount {
    private final List<String> prefix;
    private final @Nullable String owner;

    private PostgresAccount(List<String> prefix, @Nullable String owner) {
        this.prefix = prefix;
        this.owner = owner;
    }

    static PostgresAccount choose() {
        if (!succeeds("sh", "-c", "test \"$(id -u)\" = 0")) {
            return new PostgresAccount(List.of(), null);
        }
        if (succeeds("unshare", "-U", "true")) {
            return new PostgresAccount(List.of("unshare", "-U"), null);
        }
        for (String account : List.of("postgres", "nobody")) {
            List<String> prefix = List.of(
                    "sh",
                    "-c",
                    "exec setpriv --reuid=$(id -u " + account + ") --regid=$(id -g " + account
                            + ") --clear-groups -- \"$@\"",
                    "sh");
            List<String> trial = new ArrayList<>(prefix);
            trial.add("true");
            if (succeeds(trial.toArray(String[]::new))) {
                return new PostgresAccount(prefix, account);
            }
        }
        throw new StartFailedException("PostgreSQL does not run as root, and neither unshare -U nor setpriv work here:"
                + " start it as another user");
    }

    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives a tree to the account, where that is another than this process's. */
    void own(Path tree) throws IOException {
        UserPrincipal account = tree.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(owner == null ? System.getProperty("user.name") : owner);
        if (Files.getOwner(tree, LinkOption.NOFOLLOW_LINKS).equals(account)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.toList()) {
                Files.setOwner(path, account);
            }
        }
    }

    /** @throws StartFailedException when the account cannot reach the file, because of a directory above it */
    void requireReach(String program) {
        if (!succeeds(command(List.of("test", "-x", program)).toArray(String[]::new))) {
            throw new StartFailedException("PostgreSQL runs under the account "
                    + (owner == null ? System.getProperty("user.name") : owner) + ", which cannot execute " + program
                    + ": put the data where it may, or start as another user");
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
