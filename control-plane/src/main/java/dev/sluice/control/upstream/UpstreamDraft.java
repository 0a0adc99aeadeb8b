package dev.sluice.control.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.model.config.BalancingAlgorithm;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.UpstreamRules;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An upstream that keeps the rules and may be staged. */
final class UpstreamDraft {
    private final Upstream upstream;

    private UpstreamDraft(Upstream upstream) {
        this.upstream = upstream;
    }

    /**
     * Makes an upstream of what a caller sent; absent fields get their defaults.
     *
     * @param fields valid by the contract
     * @throws InvalidConfigurationException with all that breaks a rule
     */
    static UpstreamDraft of(ObjectNode fields, UUID id, Instant createdAt) {
        ObjectNode complete = fields.deepCopy().put("id", id.toString()).put("created_at", createdAt.toString());
        complete.remove("runtime_group");
        Upstream upstream = ConfigJson.read(Upstream.class, complete);
        List<Violation> violations = UpstreamRules.check(upstream);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new UpstreamDraft(upstream);
    }

    /**
     * Who says what to hash on, and no algorithm, means consistent hashing (as in Kong).
     *
     * @param fields changed in place
     * @param sent what the caller wrote
     */
    static ObjectNode withAlgorithm(ObjectNode fields, ObjectNode sent) {
        JsonNode hashOn = sent.path("hash_on");
        if (hashOn.isTextual() && !hashOn.asText().equals("none") && !sent.hasNonNull("algorithm")) {
            fields.set("algorithm", ConfigJson.MAPPER.valueToTree(BalancingAlgorithm.CONSISTENT_HASHING));
        }
        return fields;
    }

    String name() {
        return upstream.name();
    }

    UUID id() {
        return upstream.id();
    }

    void stage(ConfigTransaction transaction, UUID groupId) {
        transaction.put(
                groupId,
                Entity.of(EntityKinds.UPSTREAM, upstream.id(), ConfigJson.bytes(upstream)),
                new EntityFacts(null, upstream.name(), upstream.tags(), upstream.createdAt()));
    }
}
