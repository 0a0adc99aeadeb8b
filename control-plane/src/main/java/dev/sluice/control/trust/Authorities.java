package dev.sluice.control.trust;

import dev.sluice.control.TrustSettings.GivenAuthority;
import dev.sluice.control.db.Database;
import dev.sluice.control.seal.Reseal;
import dev.sluice.control.seal.SealedColumn;
import dev.sluice.control.trust.AuthorityStore.Stored;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two authorities: one for runtimes, control planes and signing keys, and one for the event bus, so that neither
 * opens the door of the other.
 */
public record Authorities(Authority api, Authority bus) {
    /** Where their keys are kept, sealed. */
    public static final SealedColumn COLUMN = AuthorityStore.COLUMN;

    private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);

    /**
     * Those that are there; where there are none they are made, once, whoever starts first.
     *
     * @param given in place of an authority of its own making, or null
     * @return fails with {@link InvalidSettingsException} when the given one is unfit or another than the one that
     *     runtimes trust, or when the secret key does not open what is there
     */
    public static Future<Authorities> open(Database database, SealingKeys keys, @Nullable GivenAuthority given) {
        AuthorityStore store = new AuthorityStore();
        return Future.succeededFuture(given)
                .map(present -> present == null ? null : AuthorityForm.given(present, Instant.now()))
                .compose(chosen -> database.transaction(connection -> store.lock(connection)
                        .compose(locked -> open(connection, store, keys, "api", "Sluice", chosen))
                        .compose(api -> open(connection, store, keys, "bus", "Sluice event bus", null)
                                .map(bus -> new Authorities(api, bus)))));
    }

    private static Future<Authority> open(
            SqlConnection connection,
            AuthorityStore store,
            SealingKeys keys,
            String purpose,
            String name,
            @Nullable Authority given) {
        return store.find(connection, purpose).compose(stored -> {
            if (stored != null) {
                Authority present = opened(stored, keys, purpose);
                requireSame(present, given);
                return Future.succeededFuture(present);
            }
            Authority chosen = given == null ? Authority.make(name) : given;
            return store.insert(connection, purpose, sealed(chosen, keys, purpose))
                    .onSuccess(done -> LOG.info(
                            "The certificate authority '{}' is in use from now on: SHA-256 {}",
                            purpose,
                            chosen.digest().hex()))
                    .map(chosen);
        });
    }

    private static Stored sealed(Authority authority, SealingKeys keys, String purpose) {
        byte[] key = Pem.bytes(AuthorityForm.keyPem(authority.key()));
        return new Stored(authority.pem(), keys.seal(COLUMN.context(purpose), key));
    }

    private static Authority opened(Stored stored, SealingKeys keys, String purpose) {
        try {
            X509Certificate certificate = Pem.certificates(stored.certificate()).get(0);
            byte[] key = keys.open(COLUMN.context(purpose), stored.sealedKey());
            return new Authority(
                    certificate, AuthorityForm.key(new String(key, StandardCharsets.US_ASCII), certificate));
        } catch (UnsealableException e) {
            throw Reseal.wrongKey(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key of the certificate authority in the database cannot be read", e);
        }
    }

    private static void requireSame(Authority present, @Nullable Authority given) {
        if (given != null && !given.certificate().equals(present.certificate())) {
            throw AuthorityForm.wrong(
                    "SLUICE_CA_CERTIFICATE (SHA-256 " + given.digest().hex()
                            + ") is another than the one in the database that runtimes trust (SHA-256 "
                            + present.digest().hex() + "): give that one, or leave the setting out");
        }
    }
}
