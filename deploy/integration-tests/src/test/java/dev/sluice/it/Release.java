package dev.sluice.it;

import dev.sluice.launcher.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jars of one release, and the settings that its processes know.
 *
 * @param settings names of environment variables, as {@code --help} lists them
 */
record Release(Path controlPlaneJar, Path runtimeJar, Set<String> settings) {
    private static final Pattern SETTING = Pattern.compile("\\bSLUICE_[A-Z0-9_]+\\b");

    /** What this checkout was built to. */
    static Release current() {
        return of(Checkout.find());
    }

    /**
     * What the checkout was built to that the system property {@code test.previous.release} or the environment's {@code
     * TEST_PREVIOUS_RELEASE} names; none when neither is there.
     *
     * @throws IllegalArgumentException when nothing was built in the one that is named
     */
    static Optional<Release> previous() {
        String named = System.getProperty("test.previous.release", System.getenv("TEST_PREVIOUS_RELEASE"));
        if (named == null || named.isEmpty()) {
            return Optional.empty();
        }
        Checkout checkout = new Checkout(Path.of(named).toAbsolutePath());
        if (!Files.exists(checkout.controlPlaneJar()) || !Files.exists(checkout.runtimeJar())) {
            throw new IllegalArgumentException(
                    "test.previous.release (TEST_PREVIOUS_RELEASE) names " + named + ", where no jars were built");
        }
        return Optional.of(of(checkout));
    }

    /** Those variables of an environment that this release knows; it would refuse others. */
    Map<String, String> known(Map<String, String> environment) {
        Map<String, String> known = new HashMap<>(environment);
        known.keySet().removeIf(name -> name.startsWith("SLUICE_") && !settings.contains(name));
        return known;
    }

    private static Release of(Checkout checkout) {
        Set<String> settings = new LinkedHashSet<>(listed(checkout.controlPlaneJar()));
        settings.addAll(listed(checkout.runtimeJar()));
        return new Release(checkout.controlPlaneJar(), checkout.runtimeJar(), Set.copyOf(settings));
    }

    private static Set<String> listed(Path jar) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            Process help = new ProcessBuilder(java, "-jar", jar.toString(), "--help")
                    .redirectErrorStream(true)
                    .start();
            Set<String> names = new LinkedHashSet<>();
            try (InputStream output = help.getInputStream()) {
                Matcher found = SETTING.matcher(new String(output.readAllBytes(), StandardCharsets.UTF_8));
                while (found.find()) {
                    names.add(found.group());
                }
            }
            if (help.waitFor() != 0 || names.isEmpty()) {
                throw new IllegalStateException(jar + " --help lists no settings, exit code " + help.exitValue());
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
