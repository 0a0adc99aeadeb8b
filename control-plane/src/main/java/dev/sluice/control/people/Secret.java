package dev.sluice.control.people;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets that nobody can guess, 256 random bits each, for which a plain hash is enough. */
final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secret() {}

    /** A new one, in letters that need no escaping anywhere. */
    static String make() {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return text(secret);
    }

    static byte[] sha256(String text) {
        return digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The token that writes within a session have to carry: known to whoever knows the session's id, and kept nowhere. */
    static String csrfToken(String sessionId) {
        return text(sha256("csrf " + sessionId));
    }

    /** Shows that a session was begun with a token of this hash, without telling the hash. */
    static byte[] proof(String sessionId, byte[] tokenHash) {
        MessageDigest digest = digest();
        digest.update(sessionId.getBytes(StandardCharsets.UTF_8));
        return digest.digest(tokenHash);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
