package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Echo as a process: the harness of these tests rests on it. */
class EchoProcessIT {
    @TempDir
    private Path directory;

    private Member echo;

    @BeforeEach
    void start() {
        echo = new Fleet(Release.current(), directory, "", "", 0, Map.of()).echo();
        echo.start();
        echo.awaitReady();
    }

    @AfterEach
    void end() {
        echo.end();
    }

    @Test
    void termLetsAnAnswerThatHasBegunFinish() throws IOException {
        long read = 0;
        try (InputStream in = echo.address("/bytes/20000000").toURL().openStream()) {
            read += in.readNBytes(1000).length;
            echo.process().terminate();
            read += in.readAllBytes().length;
        }
        assertThat(read).isEqualTo(20_000_000);
        assertThat(echo.terminate()).isZero();
    }

    @Test
    void itServesOnTheSameAddressAgainAfterAKill() {
        echo.kill();
        assertThat(Http.isOk(echo.address("/status/200"))).isFalse();
        echo.start();
        echo.awaitReady();
        assertThat(Http.get(echo.address("/request")).body()).contains("\"method\":\"GET\"");
    }

    @Test
    void aFrozenOneIsReadyAgainWhenItIsThawed() {
        echo.process().freeze();
        echo.process().thaw();
        echo.awaitReady();
        assertThat(echo.log(5)).contains("echo listens on " + echo.address());
    }
}
