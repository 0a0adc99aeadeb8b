package dev.sluice.runtime.tls;

import dev.sluice.model.certificate.PrivateKeys;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a peer is shown: a certificate, then each one's issuer, and its key. */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    public Identity {
        chain = List.copyOf(chain);
    }

    /**
     * Opens a certificate's key, and that of its alternative where it has one.
     *
     * @param keys open the private keys in the snapshot; null where this runtime has none
     * @throws InvalidConfigurationException when a key cannot be opened, or something cannot be read
     */
    public static List<Identity> open(Certificate certificate, @Nullable SealingKeys keys) {
        List<Identity> identities = new ArrayList<>();
        UUID id = certificate.id();
        identities.add(open(id, "key", certificate.cert(), certificate.key(), Certificate.keyContext(id), keys));
        String alternative = certificate.certAlt();
        String alternativeKey = certificate.keyAlt();
        if (alternative != null && alternativeKey != null) {
            identities.add(open(id, "key_alt", alternative, alternativeKey, Certificate.keyAltContext(id), keys));
        }
        return identities;
    }

    private static Identity open(
            UUID id, String field, String cert, String sealedKey, String context, @Nullable SealingKeys keys) {
        String where = "certificates[" + id + "]." + field;
        if (keys == null) {
            throw invalid(where, "This runtime has no key that opens it", null);
        }
        try {
            String pem = new String(keys.open(context, sealedKey), StandardCharsets.US_ASCII);
            return new Identity(Pem.certificates(cert), PrivateKeys.read(pem));
        } catch (UnsealableException e) {
            throw invalid(where, "It cannot be opened: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw invalid(where, "It cannot be used: " + e.getMessage(), e);
        }
    }

    private static InvalidConfigurationException invalid(String where, String message, @Nullable Throwable cause) {
        InvalidConfigurationException invalid =
                new InvalidConfigurationException(List.of(new Violation(where, "invalid", message)));
        if (cause != null) {
            invalid.initCause(cause);
        }
        return invalid;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Identity of " + chain.get(0).getSubjectX500Principal();
    }
}
