package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.certificate.CertificateRules;
import dev.sluice.model.certificate.PrivateKeys;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a caller sent of a certificate: checks it and seals its keys. Takes milliseconds: for worker threads. */
final class CertificateRequest {
    private final ObjectNode fields;
    private final SealingKeys keys;
    private final List<Violation> faults = new ArrayList<>();

    private CertificateRequest(ObjectNode fields, SealingKeys keys) {
        this.fields = fields;
        this.keys = keys;
    }

    /** One certificate with its key; ready to be stored. */
    private record Pair(List<X509Certificate> chain, String cert, String sealedKey) {}

    /**
     * @param before what it replaces: a key that was not sent is that one's, and a key that is the same stays sealed as it
     *     is, so that nothing changes
     * @throws InvalidConfigurationException with all that breaks a rule
     */
    static Certificate read(ObjectNode fields, Slot slot, @Nullable Certificate before, SealingKeys keys) {
        CertificateRequest request = new CertificateRequest(fields, keys);
        UUID id = slot.id();
        Pair first = request.pair("cert", "key", Certificate.keyContext(id), before == null ? null : before.key());
        Pair second = request.alternative(first, id, before);
        if (first == null || !request.faults.isEmpty()) {
            throw new InvalidConfigurationException(request.faults);
        }
        ObjectNode complete = ConfigJson.MAPPER.createObjectNode();
        complete.put("id", id.toString()).put("created_at", slot.createdAt().toString());
        complete.put("cert", first.cert()).put("key", first.sealedKey());
        complete.put("cert_alt", second == null ? null : second.cert());
        complete.put("key_alt", second == null ? null : second.sealedKey());
        for (String plain : List.of("name", "tags")) {
            if (fields.has(plain)) {
                complete.set(plain, fields.get(plain));
            }
        }
        return ConfigJson.read(Certificate.class, complete);
    }

    private @Nullable Pair alternative(@Nullable Pair first, UUID id, @Nullable Certificate before) {
        if (!fields.hasNonNull("cert_alt")) {
            if (fields.hasNonNull("key_alt")) {
                faults.add(new Violation("cert_alt", "required", "is required with key_alt, of which it is part"));
            }
            return null;
        }
        Pair second =
                pair("cert_alt", "key_alt", Certificate.keyAltContext(id), before == null ? null : before.keyAlt());
        if (first != null && second != null) {
            CertificateRules.differs(
                    "cert_alt", second.chain().get(0), first.chain().get(0), faults);
        }
        return second;
    }

    private @Nullable Pair pair(String certField, String keyField, String context, @Nullable String sealedBefore) {
        List<X509Certificate> chain = null;
        if (fields.hasNonNull(certField)) {
            chain = CertificateRules.chain(certField, fields.path(certField).asText(), faults);
        } else {
            faults.add(new Violation(certField, "required", "is required: the certificate in PEM"));
        }
        String opened = sealedBefore == null ? null : open(context, sealedBefore);
        PrivateKey key = key(keyField, sealedBefore, opened);
        if (chain == null || key == null) {
            return null;
        }
        CertificateRules.belongs(keyField, key, certField, chain.get(0), faults);
        String pem = PrivateKeys.write(key);
        String sealed = sealedBefore != null && pem.equals(opened)
                ? sealedBefore
                : keys.seal(context, pem.getBytes(StandardCharsets.US_ASCII));
        return new Pair(chain, chain.stream().map(Pem::write).collect(Collectors.joining()), sealed);
    }

    private @Nullable PrivateKey key(String field, @Nullable String sealedBefore, @Nullable String opened) {
        JsonNode sent = fields.path(field);
        if (sent.isTextual()) {
            return CertificateRules.key(field, sent.asText(), faults);
        }
        if (opened != null && sent.isMissingNode()) {
            return PrivateKeys.read(opened);
        }
        faults.add(new Violation(
                field,
                "required",
                sealedBefore == null || sent.isNull()
                        ? "is required: the certificate's private key in PEM"
                        : "is required: the key that is stored cannot be opened any more"));
        return null;
    }

    private @Nullable String open(String context, String sealed) {
        try {
            return new String(keys.open(context, sealed), StandardCharsets.US_ASCII);
        } catch (UnsealableException e) {
            return null;
        }
    }
}
