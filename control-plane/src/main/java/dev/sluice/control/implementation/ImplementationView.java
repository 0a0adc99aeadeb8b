package dev.sluice.control.implementation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import java.util.List;

/** An implementation as answers show it. */
public final class ImplementationView {
    private static final List<String> ADDRESS = List.of("protocol", "host", "port");

    private ImplementationView() {}

    public static ObjectNode of(StoredEntity stored, Owner owner) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("id", stored.entity().id().toString());
        view.put("url", url(stored));
        view.setAll(fields(stored));
        view.put("revision", stored.revision());
        view.set("version", owner.versionReference());
        view.set("service", owner.serviceReference());
        view.put("created_at", stored.createdAt().toString());
        view.put("updated_at", stored.updatedAt().toString());
        return view;
    }

    /** The address as an operator writes it. */
    public static String url(StoredEntity stored) {
        return ConfigJson.read(Implementation.class, stored.entity().bytes()).url();
    }

    /** The fields that may be written, but for {@code url}, in the order of the contract. */
    static ObjectNode fields(StoredEntity stored) {
        ObjectNode present = ConfigJson.object(stored.entity().bytes());
        ObjectNode fields = ConfigJson.MAPPER.createObjectNode();
        ADDRESS.forEach(name -> fields.set(name, present.path(name)));
        ConfigJson.defaultsOf(Implementation.class)
                .properties()
                .forEach(field -> fields.set(
                        field.getKey(), present.has(field.getKey()) ? present.get(field.getKey()) : field.getValue()));
        return fields;
    }
}
