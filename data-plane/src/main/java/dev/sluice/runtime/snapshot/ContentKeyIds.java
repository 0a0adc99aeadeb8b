package dev.sluice.runtime.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which keys open a snapshot's secrets: the private keys of its certificates. */
final class ContentKeyIds {
    private static final List<String> SECRETS = List.of("key", "key_alt");

    private ContentKeyIds() {}

    /** Ids of keys that are named and not at hand, in order. */
    static Set<String> missing(Snapshot snapshot, @Nullable SealingKeys atHand) {
        Set<String> missing = new TreeSet<>();
        for (Entity entity : snapshot.entities()) {
            if (entity.kind().equals(EntityKinds.CERTIFICATE)) {
                addAll(entity, missing);
            }
        }
        if (atHand != null) {
            missing.removeAll(atHand.ids());
        }
        return missing;
    }

    /** What is no JSON, or sealed in no form that is known here, is for the compiler to refuse. */
    private static void addAll(Entity certificate, Set<String> ids) {
        try {
            JsonNode json = ConfigJson.object(certificate.bytes());
            for (String secret : SECRETS) {
                String value = json.path(secret).asText("");
                if (SealingKey.isSealed(value)) {
                    ids.add(SealingKey.keyId(value));
                }
            }
        } catch (IllegalArgumentException | UnsealableException e) {
            return;
        }
    }
}
