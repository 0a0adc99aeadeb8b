package dev.sluice.control.version;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.implementation.ImplementationView;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.route.RouteView;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.EntityKinds;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A version as answers show it, with all that it holds. */
final class VersionView {
    private VersionView() {}

    /** @param entities of the version, the oldest first */
    static ObjectNode of(Owner owner, List<StoredEntity> entities) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("id", owner.versionId().toString());
        view.put("name", owner.version());
        view.set("service", owner.serviceReference());
        view.put("runtime_group", owner.group());
        view.put("proxy_url", owner.proxyUrl());
        view.putNull("upstream_url");
        view.putNull("implementation");
        ArrayNode routes = view.putArray("routes");
        for (StoredEntity stored : entities) {
            if (stored.entity().kind().equals(EntityKinds.IMPLEMENTATION)) {
                view.put("upstream_url", ImplementationView.url(stored));
                view.set("implementation", ImplementationView.of(stored, owner));
            } else if (stored.entity().kind().equals(EntityKinds.ROUTE)) {
                routes.add(RouteView.of(stored, owner));
            }
        }
        view.put("created_at", owner.createdAt().toString());
        view.put("updated_at", owner.updatedAt().toString());
        return view;
    }

    /**
     * For the audit trail.
     *
     * @param before null when it was not there
     * @param after null when it is no longer there
     */
    static AuditChange change(@Nullable Owner before, @Nullable Owner after) {
        Owner either = after == null ? Objects.requireNonNull(before) : after;
        return new AuditChange("version", either.versionId(), either.label(), facts(before), facts(after));
    }

    private static @Nullable ObjectNode facts(@Nullable Owner owner) {
        return owner == null ? null : fields(owner).put("service", owner.service());
    }

    /** The fields that may be written. */
    static ObjectNode fields(Owner owner) {
        return ConfigJson.MAPPER.createObjectNode().put("name", owner.version()).put("runtime_group", owner.group());
    }
}
