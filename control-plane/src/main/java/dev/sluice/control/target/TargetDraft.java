package dev.sluice.control.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.TargetRules;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A target that keeps the rules and may be staged. */
final class TargetDraft {
    private final Target target;

    private TargetDraft(Target target) {
        this.target = target;
    }

    /**
     * Makes a target of what a caller sent; absent fields get their defaults. What operators said of its health stays.
     *
     * @param fields valid by the contract
     * @param present what it replaces
     * @throws InvalidConfigurationException with all that breaks a rule
     */
    static TargetDraft of(ObjectNode fields, UUID upstreamId, UUID id, Instant createdAt, @Nullable Target present) {
        ObjectNode complete = fields.deepCopy()
                .put("id", id.toString())
                .put("upstream_id", upstreamId.toString())
                .put("created_at", createdAt.toString());
        complete.put("target", canonical(fields.path("target").asText()));
        if (present != null) {
            Instant setAt = present.healthSetAt();
            complete.put("unhealthy", present.unhealthy())
                    .put("health_set_at", setAt == null ? null : setAt.toString());
        }
        Target target = ConfigJson.read(Target.class, complete);
        List<Violation> violations = TargetRules.check(target);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new TargetDraft(target);
    }

    /** A target of which an operator says that it is healthy or not. */
    static TargetDraft said(Target present, boolean healthy, Instant at) {
        return new TargetDraft(new Target(
                present.id(),
                present.upstreamId(),
                present.createdAt(),
                present.target(),
                present.weight(),
                !healthy,
                at,
                present.tags()));
    }

    /** As targets are kept; what is no address stays as it is. */
    static String canonical(String address) {
        try {
            return TargetAddress.parse(address).toString();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    UUID id() {
        return target.id();
    }

    String address() {
        return target.target();
    }

    void stage(ConfigTransaction transaction, UUID groupId) {
        transaction.put(
                groupId,
                Entity.of(EntityKinds.TARGET, target.id(), ConfigJson.bytes(target)),
                new EntityFacts(
                        null,
                        TargetRows.name(target.upstreamId(), target.target()),
                        target.tags(),
                        target.createdAt()));
    }
}
