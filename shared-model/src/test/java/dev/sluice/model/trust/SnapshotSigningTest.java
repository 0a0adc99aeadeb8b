package dev.sluice.model.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.snapshot.SnapshotSignature;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotSigningTest {
    private static final Entity ROUTE = Entity.of("route", new UUID(1, 2), "{}".getBytes(UTF_8));

    private final TestAuthority authority = new TestAuthority("Sluice");
    private final KeyPair keys = TestAuthority.pair("Ed25519");
    private final X509Certificate signer = authority.certify(keys.getPublic(), SnapshotSigning.KEY_USAGE, List.of());
    private final Snapshot snapshot = Snapshot.of("default", new Revision(2, 7), List.of(ROUTE));
    private final SnapshotSignature signature =
            SnapshotSigning.sign(snapshot, keys.getPrivate(), signer, authority.certificate());

    @Test
    void aSignedSnapshotIsTrustedAlsoAfterTheWayOverTheWire() {
        byte[] bytes = SnapshotFormat.write(new SignedSnapshot(snapshot, signature));

        assertThatCode(() -> verify(SnapshotFormat.readSigned(bytes))).doesNotThrowAnyException();
    }

    @Test
    void anUnsignedOneIsNot() {
        assertRefused(SnapshotFormat.readSigned(SnapshotFormat.write(snapshot)), "It is not signed");
    }

    @Test
    void aSignatureHoldsForItsGroupEpochRevisionAndContentAlone() {
        List<Snapshot> others = List.of(
                Snapshot.of("other", new Revision(2, 7), List.of(ROUTE)),
                Snapshot.of("default", new Revision(3, 7), List.of(ROUTE)),
                Snapshot.of("default", new Revision(2, 8), List.of(ROUTE)),
                Snapshot.of("default", new Revision(2, 7), List.of()));

        for (Snapshot other : others) {
            assertRefused(new SignedSnapshot(other, signature), "Its signature is not of this snapshot");
        }
    }

    @Test
    void anotherAuthorityOfTheSameNameIsNotTrusted() {
        TestAuthority stranger = new TestAuthority("Sluice");
        X509Certificate strangers = stranger.certify(keys.getPublic(), SnapshotSigning.KEY_USAGE, List.of());
        SnapshotSignature forged = SnapshotSigning.sign(snapshot, keys.getPrivate(), strangers, stranger.certificate());
        SnapshotSignature mixed = SnapshotSigning.sign(snapshot, keys.getPrivate(), strangers, authority.certificate());

        assertRefused(
                new SignedSnapshot(snapshot, forged),
                "It is signed below another certificate authority than this runtime trusts");
        assertRefused(new SignedSnapshot(snapshot, mixed), "Its signature cannot be checked");
    }

    @Test
    void aCertificateForAnotherPurposeSignsNoSnapshots() {
        String clientAuthentication = "1.3.6.1.5.5.7.3.2";
        X509Certificate runtimes = authority.certify(keys.getPublic(), clientAuthentication, List.of());
        SnapshotSignature forged = SnapshotSigning.sign(snapshot, keys.getPrivate(), runtimes, authority.certificate());

        assertRefused(new SignedSnapshot(snapshot, forged), "Its signer is not certified for signing snapshots");
    }

    @Test
    void aRetiredKeyCountsNoMore() {
        String id = Fingerprints.keyId(keys.getPublic());

        assertThatThrownBy(() -> SnapshotSigning.verify(
                        new SignedSnapshot(snapshot, signature),
                        authority.certificate()::equals,
                        Set.of(id),
                        Instant.now()))
                .isInstanceOf(UntrustedSnapshotException.class)
                .hasMessage("It is signed with key " + id + ", which is retired");
    }

    @Test
    void anExpiredSignerCountsNoMore() {
        assertThatThrownBy(() -> SnapshotSigning.verify(
                        new SignedSnapshot(snapshot, signature),
                        authority.certificate()::equals,
                        Set.of(),
                        Instant.now().plus(Duration.ofDays(2))))
                .isInstanceOf(UntrustedSnapshotException.class)
                .hasMessageStartingWith("Its signature cannot be checked");
    }

    @Test
    void damagedSignaturesAreRefused() {
        SnapshotSignature damaged = new SnapshotSignature(signature.signer(), signature.authority(), "AAAA");
        SnapshotSignature garbage = new SnapshotSignature("!", "!", "!");

        assertRefused(new SignedSnapshot(snapshot, damaged), "Its signature");
        assertRefused(new SignedSnapshot(snapshot, garbage), "Its signature cannot be checked");
    }

    @Test
    void aRuntimesCertificateNamesItAndItsGroup() {
        RuntimeName name = new RuntimeName(new UUID(3, 4), new UUID(5, 6));
        X509Certificate certificate = authority.certify(keys.getPublic(), "1.3.6.1.5.5.7.3.2", name.uris());

        assertThat(RuntimeName.of(certificate)).isEqualTo(name);
        assertThatThrownBy(() -> RuntimeName.of(signer)).isInstanceOf(IllegalArgumentException.class);
        List<String> two = List.of("urn:sluice:runtime:" + new UUID(1, 1), "urn:sluice:runtime:" + new UUID(1, 2));
        assertThatThrownBy(() -> RuntimeName.of(authority.certify(keys.getPublic(), "1.3.6.1.5.5.7.3.2", two)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pemKeepsCertificates() {
        String text = Pem.write(signer) + Pem.write(authority.certificate());

        assertThat(Pem.certificates(text)).containsExactly(signer, authority.certificate());
        assertThatThrownBy(() -> Pem.certificates("nothing")).isInstanceOf(IllegalArgumentException.class);
    }

    private void verify(SignedSnapshot signed) {
        SnapshotSigning.verify(signed, authority.certificate()::equals, Set.of(), Instant.now());
    }

    private void assertRefused(SignedSnapshot signed, String reason) {
        assertThatThrownBy(() -> verify(signed))
                .isInstanceOf(UntrustedSnapshotException.class)
                .hasMessageStartingWith(reason);
    }
}
