package dev.sluice.runtime;

import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Snapshots for tests. */
public final class Configurations {
    public static final String GROUP = "default";

    private Configurations() {}

    /** A snapshot that sends {@code /mock} to that port, with so many more routes. */
    public static Snapshot mockbin(long epoch, long number, int port, int moreRoutes) {
        UUID version = new UUID(1, 1);
        List<Entity> entities = new ArrayList<>();
        entities.add(entity(EntityKinds.IMPLEMENTATION, new UUID(1, 2), """
                {"id":"%s","version_id":"%s","created_at":"2026-01-01T00:00:00Z","protocol":"http","host":"127.0.0.1","port":%d}
                """.formatted(new UUID(1, 2), version, port)));
        entities.add(route(mockRoute(), version, "mockbin", "/mock"));
        for (int i = 0; i < moreRoutes; i++) {
            entities.add(route(new UUID(2, i), version, "route-" + i, "/more/" + i));
        }
        return Snapshot.of(GROUP, new Revision(epoch, number), entities);
    }

    /** A snapshot whose only implementation shows its upstream a certificate, the key of which is sealed. */
    public static Snapshot withClientCertificate(long number, UUID certificate, UUID implementation, SealingKey key) {
        MadeCertificate made = MadeCertificate.leaf("gateway", "EC P-256", null);
        UUID version = new UUID(3, 1);
        byte[] shown = ConfigJson.bytes(new Certificate(
                certificate,
                Instant.EPOCH,
                null,
                made.cert(),
                key.seal(Certificate.keyContext(certificate), made.key().getBytes(StandardCharsets.US_ASCII)),
                null,
                null,
                List.of()));
        return Snapshot.of(
                GROUP,
                new Revision(1, number),
                List.of(
                        Entity.of(EntityKinds.CERTIFICATE, certificate, shown),
                        entity(EntityKinds.IMPLEMENTATION, implementation, """
                {"id":"%s","version_id":"%s","created_at":"2026-01-01T00:00:00Z","protocol":"https","host":"127.0.0.1","port":9000,"client_certificate":"%s"}
                """.formatted(
                                        implementation, version, certificate)),
                        route(mockRoute(), version, "mockbin", "/mock")));
    }

    /** The id of the route to {@code /mock}. */
    public static UUID mockRoute() {
        return new UUID(1, 3);
    }

    public static Snapshot empty(String group, long epoch, long number) {
        return Snapshot.of(group, new Revision(epoch, number), List.of());
    }

    /** A whole snapshot that no runtime can serve: its only route has a path that is none. */
    public static Snapshot uncompilable(long epoch, long number) {
        return Snapshot.of(
                GROUP, new Revision(epoch, number), List.of(route(mockRoute(), new UUID(1, 1), "broken", "~/(")));
    }

    private static Entity route(UUID id, UUID version, String name, String path) {
        return entity(EntityKinds.ROUTE, id, """
                {"id":"%s","version_id":"%s","created_at":"2026-01-01T00:00:00Z","name":"%s","paths":["%s"]}
                """.formatted(id, version, name, path));
    }

    private static Entity entity(String kind, UUID id, String json) {
        byte[] bytes = json.strip().getBytes(StandardCharsets.UTF_8);
        if (ConfigJson.object(bytes).isEmpty()) {
            throw new IllegalArgumentException(json);
        }
        return Entity.of(kind, id, bytes);
    }
}
