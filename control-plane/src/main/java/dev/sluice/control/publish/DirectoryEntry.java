package dev.sluice.control.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.fleet.RuntimeProgress;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Revision;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A runtime as its last report described it, seen from its group's head.
 *
 * @param state live, stale or gone
 * @param head what the group is at
 * @param targets those that it finds other than healthy, and how; null when it does not say
 * @param mayReturn it was not revoked, did not say that it stops, and was heard within a day
 */
record DirectoryEntry(
        UUID id,
        String name,
        String host,
        String version,
        String group,
        UUID groupId,
        Served served,
        Served head,
        String state,
        boolean mayReturn,
        boolean stopping,
        @Nullable ObjectNode refusal,
        Memory memory,
        boolean bus,
        @Nullable Map<UUID, String> targets,
        Instant startedAt,
        Instant firstSeen,
        Instant lastSeen,
        Credential credential) {

    /** @param certificateExpiresAt of its newest certificate; null when nothing is known of one */
    record Credential(@Nullable Instant certificateExpiresAt, boolean revoked) {}

    /** @param epoch 0 together with source {@code none}: nothing is served */
    record Served(long epoch, long revision, String digest, String source) {}

    /** Bytes of heap. */
    record Memory(long used, long max) {}

    boolean isGone() {
        return state.equals("gone");
    }

    /** Whether it serves this or a later revision of the same epoch, and what the head has where it is at the head. */
    boolean serves(Revision wanted) {
        return !served.source().equals("none")
                && served.epoch() == wanted.epoch()
                && served.revision() >= wanted.number()
                && (!isAtHeadsRevision() || served.digest().equals(head.digest()));
    }

    private boolean isAtHeadsRevision() {
        return served.epoch() == head.epoch() && served.revision() == head.revision();
    }

    RuntimeProgress progress(Head wanted) {
        return new RuntimeProgress(id, name, group, state, served.revision(), serves(wanted.revision()));
    }

    /** As the REST API shows it. */
    ObjectNode view() {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        boolean sameEpoch = served.epoch() == head.epoch();
        view.put("id", id.toString())
                .put("name", name)
                .put("host", host)
                .put("version", version)
                .put("group", group)
                .put("state", state)
                .put("epoch", served.epoch())
                .put("revision", served.revision())
                .put("digest", served.digest())
                .put("source", served.source())
                .put("in_sync", isAtHeadsRevision() && served.digest().equals(head.digest()))
                .put("behind", Math.max(0, sameEpoch ? head.revision() - served.revision() : head.revision()))
                .put("stopping", stopping)
                .put("bus", bus)
                .put("started_at", startedAt.toString())
                .put("first_seen", firstSeen.toString())
                .put("last_seen", lastSeen.toString())
                .put(
                        "certificate_expires_at",
                        credential.certificateExpiresAt() == null
                                ? null
                                : credential.certificateExpiresAt().toString())
                .put("revoked", credential.revoked());
        view.set("refusal", refusal);
        view.putObject("memory").put("used", memory.used()).put("max", memory.max());
        return view;
    }
}
