package dev.sluice.control.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.revision.ConfigTransaction;
import dev.sluice.control.revision.EntityFacts;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Route;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.routing.RouteRules;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A route that keeps the rules and may be staged. */
public final class RouteDraft {
    private final Route route;

    private RouteDraft(Route route) {
        this.route = route;
    }

    /**
     * Makes a route of what a caller sent; absent fields get their defaults. {@code strip_path} has two: a gRPC route's
     * path is the method that is called, and goes upstream whole.
     *
     * @param fields valid by the contract
     * @throws InvalidConfigurationException with all that breaks a rule
     */
    public static RouteDraft of(ObjectNode fields, UUID id, UUID versionId, Instant createdAt) {
        ObjectNode complete = fields.deepCopy()
                .put("id", id.toString())
                .put("version_id", versionId.toString())
                .put("created_at", createdAt.toString());
        if (!complete.has("strip_path") && complete.path("protocols").toString().contains("\"grpc")) {
            complete.put("strip_path", false);
        }
        Route route = ConfigJson.read(Route.class, complete);
        List<Violation> violations = RouteRules.check(route);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new RouteDraft(route);
    }

    public UUID id() {
        return route.id();
    }

    /** The name, or else the id: what people know it by. */
    public String label() {
        String name = route.name();
        return name == null ? route.id().toString() : name;
    }

    public void stage(ConfigTransaction transaction, UUID groupId) {
        transaction.put(
                groupId,
                Entity.of(EntityKinds.ROUTE, route.id(), ConfigJson.bytes(route)),
                new EntityFacts(route.versionId(), route.name(), route.tags(), route.createdAt()));
    }
}
