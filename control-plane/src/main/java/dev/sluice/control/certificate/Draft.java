package dev.sluice.control.certificate;

import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.model.snapshot.Entity;
import java.util.UUID;

/** A certificate that keeps the rules and may be staged. */
record Draft(Entity entity, EntityFacts facts) {
    void stage(ConfigTransaction transaction, UUID groupId) {
        transaction.put(groupId, entity, facts);
    }

    /** The name, or else the id: what people know it by. */
    String label() {
        String name = facts.name();
        return name == null ? entity.id().toString() : name;
    }
}
