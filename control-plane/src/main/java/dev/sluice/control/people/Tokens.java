package dev.sluice.control.people;

import dev.sluice.control.access.Principal;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.CallerLookup;
import io.vertx.core.Future;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who callers are: by the administrator's token of the settings, by tokens and by sessions in the database. */
public final class Tokens implements CallerLookup {
    /** What tokens begin with, so that people and scanners know one when they see it. */
    static final String PREFIX = "sluice_";

    private static final String ADMIN = "admin";

    private final Database database;
    private final TokenStore tokens = new TokenStore();
    private final PrincipalStore principals;
    private final byte @Nullable [] adminHash;

    /** @param adminToken of the settings; null: the first start makes one */
    public Tokens(Database database, @Nullable String adminToken) {
        this.database = database;
        this.adminHash = adminToken == null ? null : Secret.sha256(adminToken);
        this.principals = new PrincipalStore(database);
    }

    @Override
    public Future<@Nullable Principal> ofToken(String token) {
        byte[] hash = Secret.sha256(token);
        if (adminHash != null && MessageDigest.isEqual(adminHash, hash)) {
            return Future.succeededFuture(Principal.ofSettings(ADMIN));
        }
        return principals.ofToken(hash);
    }

    @Override
    public Future<@Nullable Principal> ofSession(String id) {
        Principal setting = adminHash == null ? null : Principal.ofSettings(ADMIN);
        return principals.ofSession(id, setting, adminHash == null ? null : Secret.proof(id, adminHash));
    }

    /** Whether the settings have an administrator's token. */
    boolean hasSetting() {
        return adminHash != null;
    }

    /** What a session of the settings' token keeps of it; only where there is one. */
    byte[] settingProof(String sessionId) {
        if (adminHash == null) {
            throw new IllegalStateException("The settings have no token");
        }
        return Secret.proof(sessionId, adminHash);
    }

    /**
     * Makes the first token where there is none, neither in the settings nor in the database, and no user either: to be
     * shown once.
     */
    public Future<@Nullable String> makeFirst() {
        if (adminHash != null) {
            return Future.succeededFuture(null);
        }
        String token = PREFIX + Secret.make();
        return database.transaction(connection -> tokens.insertFirst(connection, ADMIN, Secret.sha256(token)))
                .map(inserted -> inserted ? token : null);
    }
}
