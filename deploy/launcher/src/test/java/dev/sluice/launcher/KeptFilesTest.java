package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {
    @TempDir
    private Path directory;

    @Test
    void aSecretIsMadeOnceForItsOwnerAlone() throws IOException {
        String made = new Secrets(directory.resolve("s")).keep("token");
        Secrets again = new Secrets(directory.resolve("s"));
        assertThat(made).matches("[0-9a-f]{64}");
        assertThat(again.keep("token")).isEqualTo(made);
        assertThat(again.keep("other")).isNotEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(again.file("token"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("s"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aPortIsTheSameAfterARestartWhereItIsFree() throws IOException {
        Path file = directory.resolve("ports");
        int first = new PortBook(file).free("echo");
        assertThat(new PortBook(file).free("echo")).isEqualTo(first);
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
            assertThat(new PortBook(file).free("echo")).isNotEqualTo(first);
        }
    }

    @Test
    void freePortsAreGivenOnce() {
        int one = Ports.free();
        assertThat(Ports.free()).isNotEqualTo(one);
        assertThat(Ports.isFree(one)).isTrue();
    }

    @Test
    void aLeaseIsHeldByOneAtATime() {
        Path file = directory.resolve("lock");
        try (FileLease held = FileLease.take(file).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(FileLease.take(file)).isEmpty();
        }
        assertThat(FileLease.take(file)).isPresent();
    }

    @Test
    void aProcessThatTookTheNumberOfAnotherIsNoLeftover() throws IOException {
        RunFiles files = new RunFiles(directory);
        files.note("this", ProcessHandle.current().pid());
        Files.writeString(directory.resolve("other"), ProcessHandle.current().pid() + " 1\n");
        assertThat(files.leftover("this")).contains(ProcessHandle.current());
        assertThat(files.leftover("other")).isEmpty();
        assertThat(files.leftover("none")).isEmpty();
    }
}
