package dev.sluice.control.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.db.Database;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests declare, straight through the write path: rows and entities as the aggregates' APIs make them. */
final class Declared {
    private Declared() {}

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }

    /** Knows no name, so that every one may be called. */
    static AddressCheck anyAddress(Vertx vertx) {
        return new AddressCheck(vertx, DeniedNetworks.ALWAYS_DENIED, name -> {
            throw new UnknownHostException(name);
        });
    }

    static UUID defaultGroup(Database database) {
        return await(database.pool()
                .query("SELECT id FROM runtime_group WHERE name = 'default'")
                .execute()
                .map(rows -> rows.iterator().next().getUUID("id")));
    }

    static UUID group(Database database, String name) {
        UUID id = UUID.randomUUID();
        await(database.transaction(connection -> connection
                .preparedQuery("INSERT INTO runtime_group (id, name) VALUES ($1, $2)")
                .execute(Tuple.of(id, name))
                .compose(made -> connection
                        .preparedQuery("INSERT INTO group_head (group_id, epoch, digest)"
                                + " VALUES ($1, 1, encode(sha256(''), 'hex'))")
                        .execute(Tuple.of(id)))));
        return id;
    }

    static UUID service(Database database, String name) {
        UUID id = UUID.randomUUID();
        await(database.pool()
                .preparedQuery("INSERT INTO service (id, name) VALUES ($1, $2)")
                .execute(Tuple.of(id, name)));
        return id;
    }

    static UUID version(Database database, UUID serviceId, UUID groupId, String name) {
        UUID id = UUID.randomUUID();
        await(database.pool()
                .preparedQuery("INSERT INTO service_version (id, service_id, group_id, name) VALUES ($1, $2, $3, $4)")
                .execute(Tuple.of(id, serviceId, groupId, name)));
        return id;
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    static StagedGroup.StagedEntity implementation(UUID id, UUID versionId, String host) {
        Instant created = Instant.EPOCH;
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", id.toString())
                .put("version_id", versionId.toString())
                .put("created_at", created.toString())
                .put("protocol", "http")
                .put("host", host)
                .put("port", 80);
        return new StagedGroup.StagedEntity(
                Entity.of(
                        EntityKinds.IMPLEMENTATION, id, ConfigJson.bytes(ConfigJson.read(Implementation.class, json))),
                new EntityFacts(versionId, null, List.of(), created));
    }

    static StagedGroup.StagedEntity route(UUID id, UUID versionId, String name, String path, String... tags) {
        Instant created = Instant.EPOCH;
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", id.toString())
                .put("version_id", versionId.toString())
                .put("created_at", created.toString())
                .put("name", name);
        json.putArray("paths").add(path);
        for (String tag : tags) {
            json.withArray("tags").add(tag);
        }
        return new StagedGroup.StagedEntity(
                Entity.of(EntityKinds.ROUTE, id, ConfigJson.bytes(ConfigJson.read(Route.class, json))),
                new EntityFacts(versionId, name, List.of(tags), created));
    }

    static EntityKey routeKey(UUID id) {
        return new EntityKey(EntityKinds.ROUTE, id);
    }

    static EntityKey implementationKey(UUID id) {
        return new EntityKey(EntityKinds.IMPLEMENTATION, id);
    }

    /** Writes these into a group, in one revision. */
    @CanIgnoreReturnValue
    static Committed<UUID> put(ConfigWriter writer, UUID groupId, StagedGroup.StagedEntity... entities) {
        return await(writer.write(
                "tester", transaction -> transaction.lock(List.of(groupId)).map(locked -> {
                    for (StagedGroup.StagedEntity staged : entities) {
                        transaction.put(groupId, staged.entity(), staged.facts());
                    }
                    transaction.describe("put " + entities.length);
                    return groupId;
                })));
    }

    @CanIgnoreReturnValue
    static Committed<UUID> remove(ConfigWriter writer, UUID groupId, EntityKey... keys) {
        return await(writer.write(
                "tester", transaction -> transaction.lock(List.of(groupId)).map(locked -> {
                    for (EntityKey key : keys) {
                        transaction.remove(groupId, key);
                    }
                    transaction.describe("remove " + keys.length);
                    return groupId;
                })));
    }
}
