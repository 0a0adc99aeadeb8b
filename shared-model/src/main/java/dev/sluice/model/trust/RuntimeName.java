package dev.sluice.model.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which runtime a certificate is for: two URIs among its subject alternative names (RFC 5280 4.2.1.6), {@code
 * urn:sluice:runtime:UUID} and {@code urn:sluice:group:UUID}.
 */
public record RuntimeName(UUID runtime, UUID group) {
    private static final int URI = 6;
    private static final Pattern FORM = Pattern.compile(
            "urn:sluice:(runtime|group):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    /** As they stand in the certificate. */
    public List<String> uris() {
        return List.of("urn:sluice:runtime:" + runtime, "urn:sluice:group:" + group);
    }

    /** @throws IllegalArgumentException when the certificate names no runtime and group, or several */
    public static RuntimeName of(X509Certificate certificate) {
        UUID runtime = null;
        UUID group = null;
        for (List<?> name : names(certificate)) {
            Matcher uri = Integer.valueOf(URI).equals(name.get(0)) ? FORM.matcher(String.valueOf(name.get(1))) : null;
            if (uri != null && uri.matches()) {
                UUID id = UUID.fromString(uri.group(2));
                if (uri.group(1).equals("runtime")) {
                    runtime = only(runtime, id);
                } else {
                    group = only(group, id);
                }
            }
        }
        if (runtime == null || group == null) {
            throw new IllegalArgumentException("The certificate names no runtime");
        }
        return new RuntimeName(runtime, group);
    }

    private static UUID only(@Nullable UUID before, UUID id) {
        if (before != null) {
            throw new IllegalArgumentException("The certificate names more than one runtime or group");
        }
        return id;
    }

    private static Collection<List<?>> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("The certificate's names cannot be read", e);
        }
    }
}
