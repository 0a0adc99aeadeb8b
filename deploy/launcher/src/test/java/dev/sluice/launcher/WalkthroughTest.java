package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalkthroughTest {
    private static final Walkthrough WALKTHROUGH = new Walkthrough(
            "http://127.0.0.1:8001",
            List.of("http://127.0.0.1:8000", "http://127.0.0.1:8010"),
            "secret",
            "http://127.0.0.1:9000",
            "deploy/quickstart --add-runtime",
            Path.of("/logs"),
            false);

    @Test
    void commandsAreWholeAndReadyToPaste() {
        assertThat(WALKTHROUGH.text())
                .contains("-d '{\"name\":\"example_service\",\"version\":\"v.1\"}'")
                .contains(
                        "-d '{\"url\":\"http://127.0.0.1:9000\",\"route\":{\"name\":\"mockbin\",\"paths\":[\"/mock\"]}}'")
                .contains("curl http://127.0.0.1:8000/mock\n")
                .contains("/v1/services/example_service/versions/v.1/status -H 'Authorization: Bearer secret'")
                .contains("deploy/quickstart --add-runtime\n")
                .doesNotContain("--demo", "%s", "null");
    }

    @Test
    void theCommandForOneMoreRuntimeNamesDataThatLieElsewhere() {
        Checkout checkout = new Checkout(Path.of("/src/sluice"));
        assertThat(AddRuntime.command(checkout, new Home(Path.of("/src/sluice/.sluice"))))
                .isEqualTo("/src/sluice/deploy/quickstart --add-runtime");
        assertThat(AddRuntime.command(checkout, new Home(Path.of("/my data"))))
                .isEqualTo("/src/sluice/deploy/quickstart --add-runtime --data '/my data'");
    }
}
