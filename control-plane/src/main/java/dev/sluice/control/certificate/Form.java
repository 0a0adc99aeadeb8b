package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.StoredEntity;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What certificates, CA certificates and SNIs differ in. */
interface Form {
    /** As entities name it. */
    String kind();

    /** As people name it. */
    String noun();

    /** Of the list, in the API. */
    String path();

    /** Fields that are written and never shown: what a caller does not send of them stays as it is. */
    Set<String> secrets();

    /**
     * Makes an entity of what a caller sent.
     *
     * @param fields valid by the contract
     * @param present what it replaces
     * @return fails with an InvalidConfigurationException that has all that breaks a rule
     */
    Future<Draft> draft(ConfigTransaction transaction, Slot slot, ObjectNode fields, @Nullable StoredEntity present);

    /** As answers show it, but for what depends on the time of day. */
    ObjectNode view(StoredEntity stored);

    /** Adds to a {@link #view} what is to be said at this time. */
    default ObjectNode shown(ObjectNode view, Instant now) {
        return Views.warned(view, now);
    }

    /**
     * What is created together with a new entity, in the same revision.
     *
     * @param fields that the entity was drafted of
     */
    default List<Draft> alongside(ConfigTransaction transaction, Slot slot, Draft draft, ObjectNode fields) {
        return List.of();
    }

    /** The fields that may be written and shown, in the order of the contract. */
    ObjectNode fields(StoredEntity stored);
}
