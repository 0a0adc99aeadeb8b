package dev.sluice.control.implementation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.certificate.CertificateReferences;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.ImplementationRules;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** An implementation that keeps the rules and may be staged. */
final class ImplementationDraft {
    /** What {@code url} stands for. */
    static final List<String> URL_PARTS = List.of("protocol", "host", "port", "path");

    private static final Set<String> SEEN_IN_URL = Set.copyOf(URL_PARTS);

    private final Implementation implementation;

    private ImplementationDraft(Implementation implementation) {
        this.implementation = implementation;
    }

    /**
     * Makes an implementation of what a caller sent; absent fields get their defaults.
     *
     * @param fields valid by the contract
     * @param head content of the version's group: certificates are named by id or name
     * @throws InvalidConfigurationException with all that breaks a rule
     */
    static ImplementationDraft of(ObjectNode fields, UUID id, UUID versionId, Instant createdAt, Snapshot head) {
        boolean byUrl = fields.has("url");
        ObjectNode complete = withAddress(fields)
                .put("id", id.toString())
                .put("version_id", versionId.toString())
                .put("created_at", createdAt.toString());
        List<Violation> violations = new ArrayList<>();
        CertificateReferences.resolve(complete, head, violations);
        Implementation implementation = ConfigJson.read(Implementation.class, complete);
        for (Violation violation : ImplementationRules.check(implementation)) {
            boolean inUrl = byUrl && SEEN_IN_URL.contains(violation.field());
            violations.add(inUrl ? new Violation("url", violation.code(), violation.message()) : violation);
        }
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new ImplementationDraft(implementation);
    }

    void stage(ConfigTransaction transaction, UUID groupId) {
        transaction.put(
                groupId,
                Entity.of(EntityKinds.IMPLEMENTATION, implementation.id(), ConfigJson.bytes(implementation)),
                new EntityFacts(implementation.versionId(), null, implementation.tags(), implementation.createdAt()));
    }

    /** The fields with {@code url} taken apart, and protocol and port completed. */
    private static ObjectNode withAddress(ObjectNode fields) {
        ObjectNode complete = fields.deepCopy();
        if (fields.has("url")) {
            List<Violation> doubled = URL_PARTS.stream()
                    .filter(fields::has)
                    .map(part -> new Violation(
                            part,
                            "conflict",
                            "is part of url already; send either url or protocol, host, port and path."))
                    .toList();
            if (!doubled.isEmpty()) {
                List<Violation> all = new ArrayList<>(doubled);
                all.add(
                        0,
                        new Violation(
                                "url",
                                "conflict",
                                "is given together with its parts; send either the one or the others."));
                throw new InvalidConfigurationException(all);
            }
            UpstreamUrl url = parse(fields.path("url").asText());
            complete.remove("url");
            return complete.put("protocol", url.protocol())
                    .put("host", url.host())
                    .put("port", url.port())
                    .put("path", url.path());
        }
        if (!fields.has("host")) {
            throw new InvalidConfigurationException(List.of(new Violation(
                    "url", "required", "is required: the upstream's URL, or else host with protocol, port and path.")));
        }
        if (!complete.has("protocol")) {
            complete.put("protocol", "http");
        }
        if (!complete.has("port")) {
            complete.put(
                    "port", UpstreamUrl.defaultPort(complete.path("protocol").asText()));
        }
        return complete;
    }

    private static UpstreamUrl parse(String url) {
        try {
            return UpstreamUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    List.of(new Violation("url", "invalid", String.valueOf(e.getMessage()))));
        }
    }
}
