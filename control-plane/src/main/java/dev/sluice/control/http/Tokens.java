package dev.sluice.control.http;

import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who may call the REST API: the administrator's token of the settings, and those in the database. */
public final class Tokens implements TokenCheck {
    private static final String ADMIN = "admin";

    private final TokenStore store;
    private final byte @Nullable [] adminHash;

    /** @param adminToken of the settings; null: the first start makes one */
    public Tokens(Database database, @Nullable String adminToken) {
        this.store = new TokenStore(database);
        this.adminHash = adminToken == null ? null : sha256(adminToken);
    }

    @Override
    public Future<@Nullable String> author(String token) {
        byte[] hash = sha256(token);
        if (adminHash != null && MessageDigest.isEqual(adminHash, hash)) {
            return Future.succeededFuture(ADMIN);
        }
        return store.name(hash);
    }

    /** Makes the first token where there is none, neither in the settings nor in the database: to be shown once. */
    public Future<@Nullable String> makeFirst() {
        if (adminHash != null) {
            return Future.succeededFuture(null);
        }
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        String token = "sluice_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return store.insertFirst(ADMIN, sha256(token)).map(inserted -> inserted ? token : null);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
