package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartMainTest {
    @TempDir
    private Path directory;

    @Test
    void aDataDirectoryThatCannotBeWrittenIsToldInOneLine() throws IOException {
        Checkout checkout = new Checkout(directory);
        for (Path jar : List.of(checkout.controlPlaneJar(), checkout.runtimeJar(), checkout.echoJar())) {
            Files.createDirectories(jar.getParent());
            Files.createFile(jar);
        }
        Path data = directory.resolve("data");
        Files.createDirectories(Home.at(data).lock()); // which not even root opens for writing

        ChildProcess main = ChildProcess.start(new ChildSpec(
                "main",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dsluice.checkout=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        QuickstartMain.class.getName(),
                        "--data",
                        data.toString()),
                Map.of("PATH", "/usr/bin:/bin"),
                directory.resolve("main.log")));
        assertThat(main.awaitExit(Duration.ofSeconds(20))).isTrue();
        assertThat(main.exitCode()).isEqualTo(2);
        assertThat(Files.readString(main.spec().log()).lines())
                .singleElement()
                .asString()
                .startsWith("quickstart: ")
                .contains(data.resolve("lock").toString());
    }
}
