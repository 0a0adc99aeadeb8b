package dev.sluice.model.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 value (FIPS 180-4).
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("Not a SHA-256 in lower-case hexadecimal: " + hex);
        }
    }

    /** The SHA-256 of these bytes. */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /**
     * The digest of a snapshot: SHA-256 over the line {@code kind SP id SP entity-hash LF} of each entity, in order.
     * A changed entity costs the hash of its own bytes and this pass over short lines.
     */
    static Digest ofEntities(Iterable<Entity> ordered) {
        MessageDigest sha = sha256();
        for (Entity entity : ordered) {
            String line = entity.key().kind()
                    + ' '
                    + entity.key().id()
                    + ' '
                    + entity.hash().hex()
                    + '\n';
            sha.update(line.getBytes(StandardCharsets.US_ASCII));
        }
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
