package dev.sluice.model.certificate;

import dev.sluice.model.trust.Fingerprints;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate says, for people.
 *
 * @param subject distinguished name (RFC 4514)
 * @param issuer distinguished name (RFC 4514)
 * @param sans subject alternative names, such as {@code DNS:api.example.com} and {@code IP:10.0.0.1}
 * @param serial hexadecimal digits
 * @param fingerprint SHA-256 of the certificate (DER), 64 lower-case hexadecimal digits
 * @param keyType such as {@code RSA 2048} and {@code EC P-256}
 */
public record CertificateFacts(
        String subject,
        String issuer,
        List<String> sans,
        Instant notBefore,
        Instant notAfter,
        String serial,
        String fingerprint,
        String keyType) {
    private static final Duration SOON = Duration.ofDays(30);
    private static final String DNS = "DNS:";

    public CertificateFacts {
        sans = List.copyOf(sans);
    }

    public static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                sans(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                certificate.getSerialNumber().toString(16),
                Fingerprints.of(certificate),
                keyType(certificate.getPublicKey()));
    }

    /** A sentence for whoever relies on it at this time; null where there is nothing to say. */
    public @Nullable String warning(Instant now) {
        if (now.isAfter(notAfter)) {
            return "It has expired at " + notAfter + ".";
        }
        if (now.isBefore(notBefore)) {
            return "It is not valid before " + notBefore + ".";
        }
        if (now.plus(SOON).isAfter(notAfter)) {
            return "It expires at " + notAfter + ", in less than "
                    + (Duration.between(now, notAfter).toDays() + 1) + " days.";
        }
        return null;
    }

    /**
     * Whether clients that ask for a server name find it in there (RFC 9525 section 6.3): among the DNS names, not in the
     * subject. Of a name with a wildcard, whether any is in there that it stands for; of {@code *}, always.
     *
     * @param serverName in lower case, without a final dot; {@code *} may be its first or last label
     */
    public boolean covers(String serverName) {
        return serverName.equals("*")
                || sans.stream()
                        .filter(san -> san.startsWith(DNS))
                        .map(san -> san.substring(DNS.length()).toLowerCase(Locale.ROOT))
                        .anyMatch(name -> name.equals(serverName)
                                || standsFor(name, serverName)
                                || standsFor(serverName, name)
                                || standsForLast(serverName, name));
    }

    private static boolean standsFor(String wildcard, String name) {
        int dot = name.indexOf('.');
        return wildcard.startsWith("*.") && dot > 0 && wildcard.substring(1).equals(name.substring(dot));
    }

    private static boolean standsForLast(String wildcard, String name) {
        int dot = name.lastIndexOf('.');
        return wildcard.endsWith(".*")
                && dot > 0
                && wildcard.substring(0, wildcard.length() - 1).equals(name.substring(0, dot + 1));
    }

    private static String keyType(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "RSA " + rsa.getModulus().bitLength();
        }
        if (key instanceof ECPublicKey ec) {
            return "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
        }
        return key.getAlgorithm();
    }

    private static List<String> sans(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        List<String> sans = new ArrayList<>();
        if (names != null) {
            for (List<?> name : names) {
                sans.add(kind(name.get(0)) + (name.get(1) instanceof String text ? text : "…"));
            }
        }
        return sans;
    }

    /** Of a GeneralName, by its number (RFC 5280 4.2.1.6). */
    private static String kind(Object number) {
        return switch (number instanceof Integer known ? known : -1) {
            case 1 -> "email:";
            case 2 -> DNS;
            case 4 -> "DirName:";
            case 6 -> "URI:";
            case 7 -> "IP:";
            default -> "other:";
        };
    }
}
