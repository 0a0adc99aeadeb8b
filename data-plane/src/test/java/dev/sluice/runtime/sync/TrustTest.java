package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.TestAuthority;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which snapshots a runtime lets in, and how it learns whom to trust. */
class TrustTest {
    private final TestAuthority authority = new TestAuthority();
    private final TestAuthority successor = new TestAuthority();
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started(authority);

    @TempDir
    Path directory;

    @BeforeEach
    void serveRevisionFive() {
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void anUnsignedSnapshotIsRefused() {
        Snapshot next = Configurations.mockbin(1, 6, 9000, 0);
        assertRefused(SnapshotFormat.write(next), next, "It is not signed");
    }

    @Test
    void aSnapshotOfAnotherAuthorityIsRefused() {
        Snapshot next = Configurations.mockbin(1, 6, 9000, 0);
        assertRefused(successor.signed(next), next, "another certificate authority");
    }

    @Test
    void aSignatureOfAnotherRevisionIsRefused() {
        String header = header(authority.signed(Configurations.mockbin(1, 6, 9000, 0)));
        String other = new String(authority.signed(Configurations.mockbin(1, 7, 9000, 0)), StandardCharsets.UTF_8);
        String moved = header.replace("\"revision\":6", "\"revision\":7") + other.substring(other.indexOf('\n'));
        assertRefused(
                moved.getBytes(StandardCharsets.UTF_8),
                Configurations.mockbin(1, 7, 9000, 0),
                "Its signature is not of this snapshot");
    }

    @Test
    void aRetiredSignerIsRefusedAndItsSuccessorServed() {
        try (LoopUnderTest runtime = start()) {
            controlPlane.retire(authority.signerId());
            eventually(() ->
                    assertThat(runtime.identity().trust().retiredSigners()).hasSize(1));
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(refusal(runtime).reason()).contains("is retired"));
            assertThat(runtime.servedRevision()).isEqualTo(5);

            authority.rotateSigner();
            controlPlane.serve(Configurations.mockbin(1, 7, 9000, 0));

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(7));
            eventually(() -> assertThat(runtime.status().refusal()).isNull());
        }
    }

    @Test
    void anAuthorityThatIsNewlyTrustedIsLearnedOfBeforeItsSnapshotIsRefused() {
        controlPlane.reports(ControlPlaneDouble.Reports.REFUSED); // so that no answer tells of it
        try (LoopUnderTest runtime = start()) {
            controlPlane.authorities(authority.certificate(), successor.certificate());
            Snapshot next = Configurations.mockbin(1, 6, 9000, 0);
            controlPlane.serve(successor.signed(next), next.etag(), next.revision());

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            assertThat(runtime.status().refusal()).isNull();
        }
    }

    @Test
    void whatWasRefusedIsServedOnceItIsTrusted() {
        try (LoopUnderTest runtime = start()) {
            Snapshot next = Configurations.mockbin(1, 6, 9000, 0);
            controlPlane.serve(successor.signed(next), next.etag(), next.revision());
            eventually(() -> assertThat(refusal(runtime).reason()).contains("another certificate authority"));

            controlPlane.authorities(authority.certificate(), successor.certificate());

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            assertThat(runtime.status().refusal()).isNull();
        }
    }

    @Test
    void aRenamedGroupIsServedOnAndRestartedFromDisk() {
        try (LoopUnderTest runtime = start()) {
            controlPlane.renameGroup("edge");
            Snapshot next = Configurations.empty("edge", 1, 6);
            controlPlane.serve(next);
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            controlPlane.renameGroup("edge-2");
            eventually(() -> assertThat(runtime.identity().trust().group()).isEqualTo("edge-2"));
            runtime.stopInOrder();
        }
        controlPlane.goDown();
        try (LoopUnderTest again = LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON)) {
            assertThat(again.servedRevision()).isEqualTo(6);
        }
    }

    @Test
    void aControlPlaneThatOthersNameIsCalledWhenTheConfiguredOneIsGone() {
        try (ControlPlaneDouble other = ControlPlaneDouble.started(authority)) {
            other.serve(Configurations.mockbin(1, 6, 9000, 0));
            try (LoopUnderTest runtime = start()) {
                controlPlane.nameControlPlanes(controlPlane.uri(), other.uri());
                eventually(() ->
                        assertThat(runtime.identity().trust().controlPlanes()).hasSize(2));
                controlPlane.goDown();
                eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
                eventually(() -> assertThat(other.reports()).isNotEmpty());
            }
        }
    }

    @Test
    void aContentKeyThatASnapshotNamesIsFetchedFirstAndKeptWithIt() {
        SealingKey key = SealingKey.random();
        UUID id = new UUID(4, 4);
        UUID implementation = new UUID(4, 5);
        Snapshot next = Configurations.withClientCertificate(6, id, implementation, key);
        controlPlane.reports(ControlPlaneDouble.Reports.REFUSED); // so that no answer tells of it
        try (LoopUnderTest runtime = start()) {
            controlPlane.contentKey(key);
            controlPlane.serve(next);
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            assertThat(showingCertificates(runtime)).containsExactly(implementation);
            runtime.stopInOrder();
        }
        controlPlane.goDown();
        try (LoopUnderTest again = LoopUnderTest.start(LoopUnderTest.settings(directory, controlPlane), SOON)) {
            eventually(() -> assertThat(again.servedRevision()).isEqualTo(6));
            assertThat(showingCertificates(again)).containsExactly(implementation);
        }
    }

    @Test
    void whatLiesOnDiskIsNotToBeReadByOthers() throws IOException {
        SealingKey key = SealingKey.random();
        controlPlane.contentKey(key);
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            runtime.stopInOrder();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(text)
                        .as("%s", file)
                        .doesNotContain(
                                "mockbin", "PRIVATE KEY", Base64.getEncoder().encodeToString(key.bytes()));
            }
        }
    }

    private void assertRefused(byte[] text, Snapshot next, String reason) {
        try (LoopUnderTest runtime = start()) {
            controlPlane.serve(text, next.etag(), next.revision());
            eventually(() -> assertThat(refusal(runtime).reason()).contains(reason));
            eventually(() -> assertThat(controlPlane.lastReport().state().refusal())
                    .extracting(Refusal::revision)
                    .isEqualTo(next.revision().number()));
            assertThat(runtime.servedRevision()).isEqualTo(5);
        }
    }

    private LoopUnderTest start() {
        LoopUnderTest runtime = LoopUnderTest.start(
                LoopUnderTest.settings(directory, null, null, authority.token(), List.of(controlPlane.uri())), SOON);
        eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        return runtime;
    }

    /** Implementations for whose upstreams there is a certificate, its key opened. */
    private static Set<UUID> showingCertificates(LoopUnderTest runtime) {
        CompiledSnapshot served = runtime.served();
        return served == null ? Set.of() : served.upstreamTls().keySet();
    }

    private static String header(byte[] text) {
        String all = new String(text, StandardCharsets.UTF_8);
        return all.substring(0, all.indexOf('\n'));
    }

    private static Refusal refusal(LoopUnderTest runtime) {
        Refusal refusal = runtime.status().refusal();
        if (refusal == null) {
            throw new AssertionError("Nothing was refused yet");
        }
        return refusal;
    }
}
