package dev.sluice.control.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Route;

/** A route as answers show it. */
public final class RouteView {
    private RouteView() {}

    public static ObjectNode of(StoredEntity stored, Owner owner) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("id", stored.entity().id().toString());
        view.setAll(fields(stored));
        view.put("revision", stored.revision());
        view.set("version", owner.versionReference());
        view.set("service", owner.serviceReference());
        view.put("created_at", stored.createdAt().toString());
        view.put("updated_at", stored.updatedAt().toString());
        return view;
    }

    /** The fields that may be written, in the order of the contract. */
    static ObjectNode fields(StoredEntity stored) {
        ObjectNode fields = ConfigJson.defaultsOf(Route.class);
        ObjectNode present = ConfigJson.object(stored.entity().bytes());
        fields.fieldNames().forEachRemaining(name -> {
            if (present.has(name)) {
                fields.set(name, present.get(name));
            }
        });
        return fields;
    }
}
