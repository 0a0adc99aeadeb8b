package dev.sluice.control.trust;

import dev.sluice.control.access.Caller;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.seal.Reseal;
import dev.sluice.control.seal.SealedColumn;
import dev.sluice.control.trust.SigningKeyStore.Stored;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.SnapshotSigning;
import dev.sluice.model.trust.UnsealableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs snapshots: Ed25519, with the one key that signs on all control planes. It is replaced when people say so, and by
 * itself when a third of its certificate's life is left; what was signed before counts until that key retires.
 */
public final class SigningKeys {
    /** Where they are kept, sealed. */
    public static final SealedColumn COLUMN = SigningKeyStore.COLUMN;

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final long READ_MS = 5000;

    private final Vertx vertx;
    private final Database database;
    private final SealingKeys secretKeys;
    private final Authority authority;
    private final Duration life;
    private final SigningKeyStore store = new SigningKeyStore();
    private final AuditStore audit = new AuditStore();
    private volatile @Nullable Signer current;
    private long timer = -1;

    private record Signer(String id, PrivateKey key, X509Certificate certificate) {}

    SigningKeys(Vertx vertx, Database database, SealingKeys secretKeys, Authority authority, Duration life) {
        this.vertx = vertx;
        this.database = database;
        this.secretKeys = secretKeys;
        this.authority = authority;
        this.life = life;
    }

    /** Reads the key that signs; where there is none it is made, once, whoever starts first. */
    Future<Void> open() {
        return database.transaction(connection -> store.lock(connection)
                .compose(locked -> store.all(connection))
                .compose(keys -> signing(keys) == null ? replaced(connection, null) : Future.succeededFuture())
                .compose(done -> store.all(connection))
                .map(keys -> {
                    take(keys);
                    return null;
                }));
    }

    void start() {
        database.listen(TrustStore.CHANNEL, what -> refresh());
        timer = vertx.setPeriodic(READ_MS, id -> refresh());
    }

    void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    /** Costs a signature: for a worker thread. */
    public SignedSnapshot sign(Snapshot snapshot) {
        Signer signer = signer();
        return new SignedSnapshot(
                snapshot, SnapshotSigning.sign(snapshot, signer.key, signer.certificate, authority.certificate()));
    }

    /** Id of the key that signs now. */
    public String keyId() {
        return signer().id;
    }

    /** Until when the certificate of the key that signs now is valid. */
    Instant notAfter() {
        return signer().certificate.getNotAfter().toInstant();
    }

    Future<List<Stored>> all() {
        return database.read(store::all);
    }

    /** A new key signs from now on, here and everywhere; the former counts for {@code overlap}. */
    Future<List<Stored>> rotate(Caller caller, Duration overlap) {
        String former = keyId();
        return database.transaction(connection -> store.lock(connection)
                        .compose(locked -> replaced(connection, overlap))
                        .compose(done -> store.all(connection))
                        .compose(keys -> audit.wrote(connection, caller, List.of(change(former, keys)))
                                .map(keys)))
                .onSuccess(this::take);
    }

    private static AuditChange change(String former, List<Stored> keys) {
        String signing = keys.stream()
                .filter(key -> key.retiresAt() == null)
                .map(Stored::id)
                .findFirst()
                .orElse(former);
        return new AuditChange(
                "signing_key",
                null,
                signing,
                ConfigJson.MAPPER.createObjectNode().put("id", former),
                ConfigJson.MAPPER.createObjectNode().put("id", signing));
    }

    private Signer signer() {
        return Objects.requireNonNull(current, "there is one from the start");
    }

    private void refresh() {
        database.read(store::all)
                .compose(keys -> {
                    take(keys);
                    return isDue() ? renewed() : Future.succeededFuture();
                })
                .onFailure(failure -> LOG.debug("Signing keys were not read, next try follows", failure));
    }

    private boolean isDue() {
        Instant end = notAfter();
        boolean gains = end.plus(Duration.ofDays(1))
                .isBefore(authority.certificate().getNotAfter().toInstant());
        return gains && Instant.now().isAfter(end.minus(life.dividedBy(3)));
    }

    /** By whoever of the control planes is first. */
    private Future<Void> renewed() {
        return database.transaction(connection -> store.lock(connection)
                .compose(locked -> store.all(connection))
                .compose(keys -> {
                    take(keys);
                    return isDue() ? replaced(connection, null) : Future.succeededFuture();
                }));
    }

    private Future<Void> replaced(SqlConnection connection, @Nullable Duration overlap) {
        KeyPair keys = newKeyPair();
        X509Certificate certificate = authority.issue(
                new Leaf("sluice-snapshots", keys.getPublic(), List.of(), List.of(SnapshotSigning.KEY_USAGE), life));
        String id = Fingerprints.keyId(keys.getPublic());
        String sealed = secretKeys.seal(COLUMN.context(id), Pem.bytes(AuthorityForm.keyPem(keys.getPrivate())));
        Instant notAfter = certificate.getNotAfter().toInstant();
        Stored next = new Stored(id, Pem.write(certificate), sealed, Instant.now(), notAfter, null, false);
        return store.replace(connection, next, overlap)
                .onSuccess(done -> LOG.info("Snapshots are signed with key {} from now on", id));
    }

    private void take(List<Stored> keys) {
        Stored signing = signing(keys);
        Signer before = current;
        if (signing != null && (before == null || !before.id.equals(signing.id()))) {
            current = opened(signing);
        }
    }

    private static @Nullable Stored signing(List<Stored> keys) {
        return keys.stream().filter(key -> key.retiresAt() == null).findFirst().orElse(null);
    }

    private Signer opened(Stored stored) {
        try {
            X509Certificate certificate = Pem.certificates(stored.certificate()).get(0);
            byte[] key = secretKeys.open(COLUMN.context(stored.id()), stored.sealedKey());
            return new Signer(
                    stored.id(),
                    AuthorityForm.key(new String(key, StandardCharsets.US_ASCII), certificate),
                    certificate);
        } catch (UnsealableException e) {
            throw Reseal.wrongKey(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The snapshot signing key in the database cannot be read", e);
        }
    }

    private static KeyPair newKeyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has Ed25519", e);
        }
    }
}
