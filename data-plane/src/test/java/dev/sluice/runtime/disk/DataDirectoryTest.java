package dev.sluice.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
    @TempDir
    Path directory;

    /** Killed between making a file and opening it, which takes its name off. */
    @Test
    void whatAProcessHeldThatWasKilledIsGoneAtTheNextStart() throws IOException {
        Path buffers = Files.createDirectories(DataDirectory.buffers(directory));
        Files.writeString(buffers.resolve("held-1.part"), "half a body");

        try (DataDirectory opened = DataDirectory.open(directory)) {
            assertThat(buffers).isEmptyDirectory();
            assertThat(opened.runtimeId()).isNotNull();
        }
    }
}
