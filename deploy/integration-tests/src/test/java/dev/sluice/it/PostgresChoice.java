package dev.sluice.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;

/** Which PostgreSQL the tests are to run on. */
enum PostgresChoice {
    /** A container where a container engine answers, else embedded. */
    EITHER,
    CONTAINER,
    EMBEDDED;

    /** What the system property {@code test.postgres} or the environment's {@code TEST_POSTGRES} demands. */
    static PostgresChoice read() {
        String wanted = System.getProperty("test.postgres", System.getenv().getOrDefault("TEST_POSTGRES", "either"));
        try {
            return valueOf(wanted.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "test.postgres (TEST_POSTGRES) is '" + wanted + "', want container, embedded or either", e);
        }
    }

    /**
     * Starts what was chosen.
     *
     * @param refused is told why there is no container although an engine answers
     */
    <T> T start(Supplier<? extends T> container, Supplier<? extends T> embedded, Consumer<String> refused) {
        if (this == EMBEDDED || (this == EITHER && !engineAnswers())) {
            return embedded.get();
        }
        try {
            return container.get();
        } catch (RuntimeException e) {
            if (this == CONTAINER) {
                throw e;
            }
            refused.accept(e.toString()); // an engine that cannot get the image, for example
            return embedded.get();
        }
    }

    /**
     * In a fraction of a second. From inside a container, a container of the engine outside is reached at an address that
     * somebody has to tell.
     */
    private static boolean engineAnswers() {
        boolean contained = Files.exists(Path.of("/.dockerenv"));
        return (!contained || System.getenv("TESTCONTAINERS_HOST_OVERRIDE") != null)
                && DockerClientFactory.instance().isDockerAvailable();
    }
}
