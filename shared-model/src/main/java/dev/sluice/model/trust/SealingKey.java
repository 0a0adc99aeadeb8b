package dev.sluice.model.trust;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key under which secrets are sealed: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits and a tag of 128.
 * A sealed value is text, {@code sealed:1:KEYID:BASE64}, and says which key opens it; it also opens only in the context
 * that it was sealed for, so it cannot be moved to another place.
 */
public final class SealingKey {
    /** Length of a key. */
    public static final int BYTES = 32;

    private static final String FORM = "sealed:1:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_DIGITS = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id;
    private final SecretKey key;
    private final byte[] bytes;

    private SealingKey(byte[] bytes) {
        this.bytes = bytes;
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = Fingerprints.sha256Hex("sluice sealing key".getBytes(StandardCharsets.US_ASCII), bytes)
                .substring(0, ID_DIGITS);
    }

    /** A new one. */
    public static SealingKey random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SealingKey(bytes);
    }

    /** @throws IllegalArgumentException when it is not 32 bytes */
    public static SealingKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A sealing key has " + BYTES + " bytes, not " + bytes.length);
        }
        return new SealingKey(bytes.clone());
    }

    /**
     * Reads a key as people write it: 64 hexadecimal digits, or base64 (also the URL-safe kind) of 32 bytes.
     *
     * @throws IllegalArgumentException when the text is something else; the message does not repeat it
     */
    public static SealingKey parse(String text) {
        String stripped = text.strip();
        try {
            byte[] bytes = stripped.matches("[0-9a-fA-F]{64}")
                    ? HexFormat.of().parseHex(stripped)
                    : Base64.getDecoder()
                            .decode(stripped.replace('-', '+').replace('_', '/').replaceAll("=+$", ""));
            return of(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not 32 bytes as base64 or as 64 hexadecimal digits", e);
        }
    }

    /** Whether a text has the form of a sealed value. */
    public static boolean isSealed(String text) {
        return text.startsWith(FORM);
    }

    /**
     * Id of the key that opens a sealed value.
     *
     * @throws UnsealableException when the text is no sealed value
     */
    public static String keyId(String sealed) {
        int end = sealed.indexOf(':', FORM.length());
        if (!isSealed(sealed) || end < 0) {
            throw new UnsealableException("Not a sealed value", null);
        }
        return sealed.substring(FORM.length(), end);
    }

    /** 16 hexadecimal digits, made from the key; tells nothing about it. */
    public String id() {
        return id;
    }

    /** The key itself, a copy: a secret. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Seals a secret; each time to another text.
     *
     * @param context where the secret belongs, such as {@code certificate/UUID/key}; not secret
     */
    public String seal(String context, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, context, secret);
        byte[] whole = ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return FORM + id + ':' + Base64.getEncoder().encodeToString(whole);
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @throws UnsealableException when it was sealed under another key or for another context, or has been changed
     */
    public byte[] open(String context, String sealed) {
        if (!keyId(sealed).equals(id)) {
            throw new UnsealableException("It is sealed under key " + keyId(sealed) + ", not " + id, null);
        }
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(sealed.substring(FORM.length() + id.length() + 1));
        } catch (IllegalArgumentException e) {
            throw new UnsealableException("The sealed value is damaged", e);
        }
        if (whole.length < NONCE_BYTES) {
            throw new UnsealableException("The sealed value is cut short", null);
        }
        return run(
                Cipher.DECRYPT_MODE,
                Arrays.copyOf(whole, NONCE_BYTES),
                context,
                Arrays.copyOfRange(whole, NONCE_BYTES, whole.length));
    }

    private byte[] run(int mode, byte[] nonce, String context, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new UnsealableException("It has been changed, or was sealed for another place than " + context, e);
        }
    }

    @Override
    public String toString() {
        return "SealingKey " + id;
    }
}
