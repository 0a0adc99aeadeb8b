package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Sni;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.ServerNames;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Server names that clients ask for, and the certificates that they are shown. */
final class SniForm implements Form {
    private static final List<String> SHOWN = List.of("name", "runtime_group", "certificate", "tags");

    @Override
    public String kind() {
        return EntityKinds.SNI;
    }

    @Override
    public String noun() {
        return "SNI";
    }

    @Override
    public String path() {
        return "/v1/snis";
    }

    @Override
    public Set<String> secrets() {
        return Set.of();
    }

    @Override
    public Future<Draft> draft(
            ConfigTransaction transaction, Slot slot, ObjectNode fields, @Nullable StoredEntity present) {
        return Future.succeededFuture(draft(slot, fields, transaction.head(slot.groupId())));
    }

    @Override
    public ObjectNode view(StoredEntity stored) {
        return Views.end(stored, Views.begin(stored, fields(stored)));
    }

    @Override
    public ObjectNode fields(StoredEntity stored) {
        return Views.fields(stored, SHOWN);
    }

    /** Nothing of an SNI depends on the time of day. */
    @Override
    public ObjectNode shown(ObjectNode view, Instant now) {
        return view;
    }

    /**
     * SNIs of a certificate that is created with them.
     *
     * @param names as the caller sent them
     * @throws InvalidConfigurationException with all that are no names
     */
    static List<Draft> of(Draft certificate, Instant createdAt, List<String> names, Snapshot head) {
        List<Violation> faults = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        UUID id = certificate.entity().id();
        for (int i = 0; i < names.size(); i++) {
            String name = name(names.get(i), "snis[" + i + "]", faults);
            if (name != null && drafts.stream().anyMatch(draft -> name.equals(draft.label()))) {
                faults.add(new Violation("snis[" + i + "]", "invalid", "names one that is in the list already"));
            } else if (name != null) {
                drafts.add(draft(new Sni(UUID.randomUUID(), createdAt, name, id, List.of()), head));
            }
        }
        if (!faults.isEmpty()) {
            throw new InvalidConfigurationException(faults);
        }
        return drafts;
    }

    /** Names of the SNIs that show this certificate. */
    static List<String> showing(UUID certificate, Iterable<Entity> entities) {
        List<String> names = new ArrayList<>();
        for (Entity entity : entities) {
            if (entity.kind().equals(EntityKinds.SNI)) {
                Sni sni = ConfigJson.read(Sni.class, entity.bytes());
                if (sni.certificate().equals(certificate)) {
                    names.add(sni.name());
                }
            }
        }
        return names;
    }

    private static Draft draft(Slot slot, ObjectNode fields, Snapshot head) {
        List<Violation> faults = new ArrayList<>();
        String name = null;
        if (fields.hasNonNull("name")) {
            name = name(fields.path("name").asText(), "name", faults);
        } else {
            faults.add(new Violation("name", "required", "is required: the server name that clients ask for"));
        }
        UUID certificate = null;
        if (fields.hasNonNull("certificate")) {
            certificate =
                    CertificateReferences.certificate(fields.path("certificate").asText(), "certificate", head, faults);
        } else {
            faults.add(new Violation("certificate", "required", "is required: the certificate to be shown"));
        }
        if (name == null || certificate == null) {
            throw new InvalidConfigurationException(faults);
        }
        ObjectNode complete = fields.deepCopy();
        complete.put("id", slot.id().toString())
                .put("created_at", slot.createdAt().toString());
        complete.put("name", name).put("certificate", certificate.toString());
        return draft(ConfigJson.read(Sni.class, complete), head);
    }

    private static Draft draft(Sni sni, Snapshot head) {
        refuseSecond(sni, head);
        return new Draft(
                Entity.of(EntityKinds.SNI, sni.id(), ConfigJson.bytes(sni)),
                new EntityFacts(null, sni.name(), sni.tags(), sni.createdAt()));
    }

    private static @Nullable String name(String sent, String field, List<Violation> faults) {
        try {
            return ServerNames.canonical(sent);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(field, "pattern", String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static void refuseSecond(Sni sni, Snapshot head) {
        for (Entity entity : head.entities()) {
            if (entity.kind().equals(EntityKinds.SNI) && !entity.id().equals(sni.id())) {
                Sni other = ConfigJson.read(Sni.class, entity.bytes());
                if (other.name().equals(sni.name())) {
                    throw new ConflictException("The runtime group '" + head.group() + "' has an SNI '" + sni.name()
                            + "' already, of certificate " + other.certificate() + ". Change that one instead.");
                }
            }
        }
    }
}
