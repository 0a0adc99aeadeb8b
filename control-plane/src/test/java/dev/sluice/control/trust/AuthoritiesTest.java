package dev.sluice.control.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.TrustSettings.GivenAuthority;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.enrolment.FirstToken;
import dev.sluice.control.seal.Reseal;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.SnapshotSigning;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Authorities and signing keys are made once, sealed, and shared. */
@SuppressWarnings("NullAway.Init") // BeforeEach sets it
class AuthoritiesTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final SealingKeys KEYS = new SealingKeys(PostgresExtension.SECRET_KEY, List.of());
    private static final X500Principal OURS = new X500Principal("CN=Our own authority");
    private Database database;

    @BeforeEach
    void empty() {
        database = postgres.open(vertx);
        assertThat(await(database.pool()
                        .query("TRUNCATE authority, signing_key, join_token CASCADE")
                        .execute()))
                .isNotNull();
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void controlPlanesThatStartAtOnceMakeOneOfEach() {
        List<Future<Authorities>> starts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            starts.add(Authorities.open(database, KEYS, null));
        }
        Set<X509Certificate> api =
                starts.stream().map(start -> await(start).api().certificate()).collect(Collectors.toSet());
        Set<X509Certificate> bus =
                starts.stream().map(start -> await(start).bus().certificate()).collect(Collectors.toSet());

        assertThat(api).hasSize(1).doesNotContainAnyElementsOf(bus);
        assertThat(bus).hasSize(1);
        X509Certificate certificate = api.iterator().next();
        assertThat(certificate.getBasicConstraints()).isZero();
        assertThat(certificate.getNotAfter().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(3650)));

        Authority authority = starts.get(0).result().api();
        List<Future<SigningKeys>> signing = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            SigningKeys keys = signingKeys(authority, Duration.ofDays(1));
            signing.add(keys.open().map(keys));
        }
        assertThat(signing.stream().map(keys -> await(keys).keyId()).distinct()).hasSize(1);
    }

    @Test
    void theirKeysAreSealedAndSealedAnew() {
        Authorities made = await(Authorities.open(database, KEYS, null));
        SealingKey next = SealingKey.random();
        List<String> sealed = new ArrayList<>();
        await(database.pool().query("SELECT sealed_key FROM authority").execute())
                .forEach(row -> sealed.add(row.getString(0)));
        assertThat(sealed).hasSize(2).allMatch(SealingKey::isSealed);

        assertThatThrownBy(() -> await(Authorities.open(database, new SealingKeys(next, List.of()), null)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("SLUICE_SECRET_KEY does not open the secrets in the database");
        assertThat(await(new Reseal(
                                database,
                                new SealingKeys(next, List.of(PostgresExtension.SECRET_KEY)),
                                List.of(Authorities.COLUMN, SigningKeys.COLUMN))
                        .run()))
                .isEqualTo(2);

        Authorities opened = await(Authorities.open(database, new SealingKeys(next, List.of()), null));
        assertThat(opened.api().certificate()).isEqualTo(made.api().certificate());
        assertThat(opened.api().key()).isEqualTo(made.api().key());
    }

    @Test
    void anAuthorityThatIsGivenIsUsedAndAnotherOneIsRefusedLater() {
        Authority ours = TestIssuer.authority(OURS, true, Duration.ofDays(100));
        Authorities opened = await(Authorities.open(database, KEYS, given(ours)));
        assertThat(opened.api().certificate()).isEqualTo(ours.certificate());

        assertThat(await(Authorities.open(database, KEYS, null)).api().certificate())
                .isEqualTo(ours.certificate());
        assertRefused(
                given(TestIssuer.authority(OURS, true, Duration.ofDays(100))),
                "is another than the one in the database that runtimes trust");
    }

    @Test
    void anAuthorityThatIsNoneIsRefused() {
        Authority ours = TestIssuer.authority(OURS, true, Duration.ofDays(100));
        Authority other = TestIssuer.authority(OURS, true, Duration.ofDays(100));
        String key = AuthorityForm.keyPem(ours.key());

        assertRefused(new GivenAuthority(other.pem(), key), "SLUICE_CA_KEY is not the key of SLUICE_CA_CERTIFICATE");
        assertRefused(new GivenAuthority("guessme", key), "SLUICE_CA_CERTIFICATE is not PEM");
        assertRefused(new GivenAuthority(ours.pem(), "guessme"), "SLUICE_CA_KEY is not a private key");
        assertRefused(given(TestIssuer.authority(OURS, false, Duration.ofDays(9))), "not the certificate of an");
        assertRefused(given(TestIssuer.authority(OURS, true, Duration.ofDays(-1))), "has expired");
        assertThat(await(database.pool().query("SELECT count(*) FROM authority").execute())
                        .iterator()
                        .next()
                        .getLong(0))
                .isZero();
    }

    @Test
    void aCertificateOutlivesItsAuthorityByNothing() {
        Authority ours = TestIssuer.authority(OURS, true, Duration.ofDays(5));
        KeyPair keys = Authority.newKeyPair();

        X509Certificate issued =
                ours.issue(new Leaf("x", keys.getPublic(), List.of(), List.of(Leaf.CLIENT), Duration.ofDays(30)));

        assertThat(issued.getNotAfter()).isEqualTo(ours.certificate().getNotAfter());
    }

    @Test
    void aSigningKeyIsReplacedInTimeAndTheFormerCountsAsLongAsItsCertificate() {
        Authority authority = await(Authorities.open(database, KEYS, null)).api();
        SigningKeys shortLived = signingKeys(authority, Duration.ofSeconds(6));
        await(shortLived.open());
        String first = shortLived.keyId();
        Snapshot snapshot = Snapshot.of("default", new Revision(1, 1), List.of());
        var signed = shortLived.sign(snapshot);

        shortLived.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (shortLived.keyId().equals(first)) {
            assertThat(System.nanoTime()).isLessThan(end);
            await(vertx.timer(50, TimeUnit.MILLISECONDS));
        }
        shortLived.stop();

        var row = await(database.pool()
                        .preparedQuery("SELECT retires_at = not_after FROM signing_key WHERE id = $1")
                        .execute(Tuple.of(first)))
                .iterator()
                .next();
        assertThat(row.getBoolean(0)).isTrue();
        SnapshotSigning.verify(
                signed,
                authority.certificate()::equals,
                Set.of(),
                Pem.certificate(Base64.getDecoder()
                                .decode(Objects.requireNonNull(signed.signature())
                                        .signer()))
                        .getNotBefore()
                        .toInstant());
    }

    @Test
    void theFirstTokenOfTheSettingsIsTakenOnceAndStaysRevoked() {
        Authority authority = await(Authorities.open(database, KEYS, null)).api();
        JoinToken token = JoinToken.random(authority.digest());
        FirstToken first = new FirstToken(database);
        assertThat(await(first.accept(token, authority).map("accepted"))).isEqualTo("accepted");
        assertThat(await(first.accept(token, authority).map("again"))).isEqualTo("again");
        assertThat(tokens("revoked_at IS NULL AND uses_left IS NULL AND expires_at IS NULL"))
                .isEqualTo(1);

        assertThat(await(database.pool()
                        .query("UPDATE join_token SET revoked_at = now()")
                        .execute()))
                .isNotNull();
        assertThat(await(first.accept(token, authority).map("again"))).isEqualTo("again");
        assertThat(tokens("revoked_at IS NULL")).isZero();

        assertThatThrownBy(() -> await(first.accept(JoinToken.random(Digest.of(new byte[0])), authority)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("SLUICE_JOIN_TOKEN is for another certificate authority");
        assertThatThrownBy(() ->
                        await(first.accept(new JoinToken(token.id(), "A".repeat(43), token.authority()), authority)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("has the id of another join token")
                .hasMessageNotContaining("AAAA");
    }

    private long tokens(String where) {
        return await(database.pool()
                        .query("SELECT count(*) FROM join_token WHERE " + where)
                        .execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private SigningKeys signingKeys(Authority authority, Duration life) {
        return new SigningKeys(vertx, database, KEYS, authority, life);
    }

    private void assertRefused(@Nullable GivenAuthority given, String why) {
        assertThatThrownBy(() -> await(Authorities.open(database, KEYS, given)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("guessme");
    }

    private static GivenAuthority given(Authority authority) {
        return new GivenAuthority(authority.pem(), AuthorityForm.keyPem(authority.key()));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }
}
