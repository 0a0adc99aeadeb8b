package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.RuntimeSettings;
import dev.sluice.runtime.TestAuthority;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a runtime gets its identity, whom it believes before it has one, and what it serves meanwhile. */
class JoinTest {
    private final TestAuthority authority = new TestAuthority();
    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started(authority);

    @TempDir
    Path directory;

    @BeforeEach
    void serve() {
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void itJoinsOnceAndKeepsItsIdentityOverARestartWithoutAToken() {
        try (LoopUnderTest runtime = start(authority.token())) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            eventually(() -> assertThat(controlPlane.reports()).isNotEmpty());
            runtime.stopInOrder();
        }
        try (LoopUnderTest again = start(null)) {
            assertThat(again.servedRevision()).isEqualTo(5);
            int before = controlPlane.reports().size();
            eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(before));
        }
        assertThat(controlPlane.enrolments()).isEqualTo(1);
        assertThat(controlPlane.shown()).hasSize(1); // one certificate
    }

    @Test
    void aControlPlaneOfAnotherAuthorityThanTheTokenNamesIsNotAsked() {
        JoinToken misled =
                new JoinToken(authority.token().id(), authority.token().secret(), Digest.of(new byte[] {1}));
        try (LoopUnderTest runtime = start(misled);
                ControlPlaneDouble right = ControlPlaneDouble.started()) {
            right.serve(Configurations.mockbin(1, 6, 9000, 0));
            LoopUnderTest other = LoopUnderTest.start(
                    settings("other", null, TestAuthority.SHARED.token(), controlPlane.uri(), right.uri()), SOON);
            eventually(() -> assertThat(other.servedRevision()).isEqualTo(6)); // asked after the wrong one
            other.close();
            assertThat(runtime.served()).isNull();
        }
        assertThat(controlPlane.enrolments()).isZero();
    }

    @Test
    void aControlPlaneWhoseCertificateIsForAnotherHostIsNotAsked() {
        try (ControlPlaneDouble elsewhere = ControlPlaneDouble.started(authority, "127.0.0.2");
                LoopUnderTest runtime = LoopUnderTest.start(
                        settings("data", null, authority.token(), elsewhere.uri(), controlPlane.uri()), SOON)) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            assertThat(elsewhere.enrolments()).isZero();
        }
    }

    @Test
    void aJoinedRuntimeDoesNotFetchFromAHostOfAnotherName() {
        try (ControlPlaneDouble elsewhere = ControlPlaneDouble.started(authority, "127.0.0.2")) {
            try (LoopUnderTest runtime = start(authority.token())) {
                eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
                runtime.stopInOrder();
            }
            elsewhere.serve(Configurations.mockbin(1, 9, 9000, 0));
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            try (LoopUnderTest again =
                    LoopUnderTest.start(settings("data", null, null, elsewhere.uri(), controlPlane.uri()), SOON)) {
                eventually(() -> assertThat(again.servedRevision()).isEqualTo(6));
                assertThat(elsewhere.fetches()).isZero();
            }
        }
    }

    @Test
    void aRefusedRuntimeTriesOnAndAnotherControlPlaneMayLetItIn() {
        controlPlane.joiningStatus(403);
        try (LoopUnderTest runtime = start(authority.token())) {
            eventually(() -> assertThat(controlPlane.enrolments()).isGreaterThan(2));
            assertThat(runtime.served()).isNull();
            assertThat(controlPlane.reports()).isEmpty();

            controlPlane.joiningStatus(200);

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        }
    }

    @Test
    void aLostAnswerIsAskedForAgainWithTheSameKeyAlsoAfterARestart() {
        controlPlane.loseEnrolments(true);
        try (LoopUnderTest runtime = start(authority.token())) {
            eventually(() -> assertThat(controlPlane.certified()).isNotEmpty());
            assertThat(runtime.served()).isNull();
        }
        controlPlane.loseEnrolments(false);
        try (LoopUnderTest again = start(authority.token())) {
            eventually(() -> assertThat(again.servedRevision()).isEqualTo(5));
        }
        assertThat(controlPlane.certified()).hasSizeGreaterThan(1);
        assertThat(controlPlane.certified().stream().distinct()).hasSize(1);
    }

    @Test
    void aRuntimeThatMissedTheEndOfItsCertificateJoinsAnewWithItsToken() {
        controlPlane.certifyFor(Duration.ofSeconds(1));
        controlPlane.failRenewals(Integer.MAX_VALUE);
        try (LoopUnderTest runtime = start(authority.token())) {
            eventually(() -> assertThat(controlPlane.enrolments()).isGreaterThan(1));
            controlPlane.certifyFor(Duration.ofHours(1));
            int before = controlPlane.reports().size();
            eventually(() -> assertThat(controlPlane.reports()).hasSizeGreaterThan(before));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        }
        assertThat(controlPlane.certified().stream().distinct()).hasSize(1); // by which it is recognised
    }

    @Test
    void aRestartServesWithoutControlPlaneAndToken() {
        try (LoopUnderTest runtime = start(authority.token())) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            runtime.stopInOrder();
        }
        controlPlane.goDown();
        try (LoopUnderTest again = start(null)) {
            assertThat(again.servedRevision()).isEqualTo(5);
            assertThat(source(again)).isEqualTo(SnapshotSource.DISK);
        }
    }

    @Test
    void aNewRuntimeServesASeedThatTheAuthorityOfItsTokenStandsBehind() throws IOException {
        controlPlane.goDown();
        try (LoopUnderTest runtime = startWithSeed(authority.signed(Configurations.mockbin(1, 2, 9000, 0)))) {
            eventually(() -> assertThat(source(runtime)).isEqualTo(SnapshotSource.SEED));

            controlPlane.listen();

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            assertThat(source(runtime)).isEqualTo(SnapshotSource.CONTROL_PLANE);
        }
    }

    @Test
    void aSeedOfAnotherGroupGivesWayToWhatTheJoinedGroupHas() throws IOException {
        controlPlane.goDown();
        try (LoopUnderTest runtime = startWithSeed(authority.signed(Configurations.empty("other", 7, 70)))) {
            eventually(() -> assertThat(source(runtime)).isEqualTo(SnapshotSource.SEED));

            controlPlane.listen();

            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
        }
    }

    @Test
    void anUnsignedSeedIsRefused() throws IOException {
        assertSeedRefused(SnapshotFormat.write(Configurations.mockbin(1, 2, 9000, 0)));
    }

    @Test
    void aSeedOfAnotherAuthorityIsRefused() throws IOException {
        assertSeedRefused(new TestAuthority().signed(Configurations.mockbin(1, 2, 9000, 0)));
    }

    private void assertSeedRefused(byte[] seed) throws IOException {
        controlPlane.joiningStatus(403);
        try (LoopUnderTest runtime = startWithSeed(seed)) {
            eventually(() -> assertThat(controlPlane.enrolments()).isGreaterThan(3));
            assertThat(runtime.served()).isNull();
        }
    }

    private LoopUnderTest start(@Nullable JoinToken token) {
        return LoopUnderTest.start(settings("data", null, token, controlPlane.uri()), SOON);
    }

    private LoopUnderTest startWithSeed(byte[] content) throws IOException {
        Path seed = Files.write(directory.resolve("seed"), content);
        return LoopUnderTest.start(settings("data", seed, authority.token(), controlPlane.uri()), SOON);
    }

    private RuntimeSettings settings(String data, @Nullable Path seed, @Nullable JoinToken token, URI... uris) {
        return LoopUnderTest.settings(directory.resolve(data), seed, null, token, List.of(uris));
    }

    private static @Nullable SnapshotSource source(LoopUnderTest runtime) {
        CompiledSnapshot served = runtime.served();
        return served == null ? null : served.source();
    }
}
