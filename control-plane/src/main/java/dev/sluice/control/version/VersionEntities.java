package dev.sluice.control.version;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.certificate.CertificateReferences;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.upstream.UpstreamReferences;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.EntityKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a version holds, as one: its implementation and its routes. */
public final class VersionEntities {
    private VersionEntities() {}

    /** Stages that all of these go away, with their version. */
    public static void stageRemoval(ConfigTransaction transaction, Owner owner, List<StoredEntity> entities) {
        transaction.changed(VersionView.change(owner, null));
        entities.forEach(
                stored -> transaction.remove(owner.groupId(), stored.entity().key()));
    }

    /**
     * Stages that all of these go from their version's group to another, as they are.
     *
     * @throws ConflictException when the implementation names certificates or an upstream, which do not go with it
     */
    static void stageMove(ConfigTransaction transaction, Owner owner, UUID toGroup, List<StoredEntity> entities) {
        for (StoredEntity stored : entities) {
            if (stored.entity().kind().equals(EntityKinds.IMPLEMENTATION)) {
                CertificateReferences.refuseMove(stored.entity(), owner.label(), owner.group());
                UpstreamReferences.refuseMove(stored.entity(), owner.label(), transaction.head(owner.groupId()));
            }
            transaction.remove(owner.groupId(), stored.entity().key());
            transaction.put(
                    toGroup,
                    stored.entity(),
                    new EntityFacts(stored.versionId(), stored.name(), tags(stored), stored.createdAt()));
        }
    }

    private static List<String> tags(StoredEntity stored) {
        List<String> tags = new ArrayList<>();
        for (JsonNode tag : ConfigJson.object(stored.entity().bytes()).path("tags")) {
            tags.add(tag.asText());
        }
        return tags;
    }
}
