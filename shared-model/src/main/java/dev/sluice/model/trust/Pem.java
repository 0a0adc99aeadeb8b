package dev.sluice.model.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text form of certificates and keys (RFC 7468). */
public final class Pem {
    /** The white space among the digits is left to the decoder: a text of white space alone costs nothing. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** A block with this label, ended by a line break. */
    public static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    public static String write(X509Certificate certificate) {
        try {
            return write("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("A certificate that cannot be encoded", e);
        }
    }

    /**
     * The bytes of the first block with one of these labels.
     *
     * @throws IllegalArgumentException when there is none; the message does not repeat the text
     */
    public static byte[] read(String text, String... labels) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            for (String label : labels) {
                if (block.group(1).equals(label)) {
                    return Base64.getMimeDecoder().decode(block.group(2));
                }
            }
        }
        throw new IllegalArgumentException("not PEM with a block " + String.join(" or ", labels));
    }

    /**
     * All certificates of a text, in its order; other blocks are passed over.
     *
     * @throws IllegalArgumentException when there is none, or one that is damaged
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                certificates.add(certificate(Base64.getMimeDecoder().decode(block.group(2))));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("not PEM with a block CERTIFICATE");
        }
        return certificates;
    }

    /** @throws IllegalArgumentException when the bytes (DER) are no X.509 certificate */
    public static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not an X.509 certificate", e);
        }
    }

    /** As bytes, for whoever takes PEM in files or buffers. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
