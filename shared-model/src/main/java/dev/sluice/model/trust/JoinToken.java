package dev.sluice.model.trust;

import dev.sluice.model.snapshot.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a runtime joins with, {@code sluice-join.ID.SECRET.CA}: it proves to a control plane that the runtime may join,
 * and to the runtime that the control plane is the right one.
 *
 * @param id 16 hexadecimal digits; not secret
 * @param secret 256 random bits, base64 for URLs without padding
 * @param authority SHA-256 of the certificate (DER) of the control planes' certificate authority
 */
public record JoinToken(String id, String secret, Digest authority) {
    private static final Pattern FORM =
            Pattern.compile("sluice-join\\.([0-9a-f]{16})\\.([A-Za-z0-9_-]{43})\\.([0-9a-f]{64})");

    /** A new one. */
    public static JoinToken random(Digest authority) {
        SecureRandom random = new SecureRandom();
        byte[] id = new byte[8];
        byte[] secret = new byte[32];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new JoinToken(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
                authority);
    }

    /** @throws IllegalArgumentException when the text is something else; the message does not repeat it */
    public static JoinToken parse(String text) {
        Matcher token = FORM.matcher(text.strip());
        if (!token.matches()) {
            throw new IllegalArgumentException("not a join token, sluice-join.ID.SECRET.CA");
        }
        return new JoinToken(token.group(1), token.group(2), new Digest(token.group(3)));
    }

    /** The whole token: a secret. */
    public String text() {
        return "sluice-join." + id + '.' + secret + '.' + authority.hex();
    }

    /** By which control planes recognise it: they do not keep the secret itself. */
    public Digest secretHash() {
        return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "JoinToken " + id;
    }
}
