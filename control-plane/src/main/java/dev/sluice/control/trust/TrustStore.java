package dev.sluice.control.trust;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What trust documents are made of, and who the control planes are. */
final class TrustStore {
    /** Notified when a control plane comes or goes, a key is made or retires. */
    static final String CHANNEL = "sluice_trust";

    /**
     * A control plane.
     *
     * @param runtimeApi URL
     * @param member host:port, or null without a cluster
     */
    record Plane(String runtimeApi, @Nullable String member) {}

    /** Names of all groups by id. */
    Future<Map<UUID, String>> groups(SqlClient client) {
        return client.query("SELECT id, name FROM runtime_group").execute().map(rows -> {
            Map<UUID, String> groups = new LinkedHashMap<>();
            rows.forEach(row -> groups.put(row.getUUID("id"), row.getString("name")));
            return groups;
        });
    }

    /** Groups that have a content key. */
    Future<List<UUID>> sealedGroups(SqlClient client) {
        return client.query("SELECT DISTINCT group_id FROM content_key")
                .execute()
                .map(rows -> {
                    List<UUID> groups = new ArrayList<>();
                    rows.forEach(row -> groups.add(row.getUUID(0)));
                    return groups;
                });
    }

    /** Signing keys that count no more though their certificates are still valid. */
    Future<List<String>> retiredSigners(SqlClient client) {
        return client.query("SELECT id FROM signing_key WHERE retires_at <= clock_timestamp()"
                        + " AND not_after > clock_timestamp() ORDER BY id")
                .execute()
                .map(rows -> {
                    List<String> ids = new ArrayList<>();
                    rows.forEach(row -> ids.add(row.getString(0)));
                    return ids;
                });
    }

    /** Those that were there within the last 30 seconds, in an order that does not change. */
    Future<List<Plane>> planes(SqlClient client) {
        return client.query("SELECT DISTINCT runtime_api, member FROM control_plane"
                        + " WHERE last_seen > clock_timestamp() - interval '30 seconds' ORDER BY runtime_api, member")
                .execute()
                .map(rows -> {
                    List<Plane> planes = new ArrayList<>();
                    rows.forEach(row -> planes.add(new Plane(row.getString("runtime_api"), row.getString("member"))));
                    return planes;
                });
    }

    /** Says that a control plane is there; the others are told when it was not. */
    Future<Void> beat(SqlClient client, UUID id, Plane plane) {
        return client.preparedQuery("INSERT INTO control_plane (id, runtime_api, member) VALUES ($1, $2, $3)"
                        + " ON CONFLICT (id) DO UPDATE SET last_seen = clock_timestamp() RETURNING xmax = 0 AS is_new")
                .execute(Tuple.of(id, plane.runtimeApi(), plane.member()))
                .compose(rows -> rows.iterator().next().getBoolean("is_new")
                        ? client.query("DELETE FROM control_plane WHERE last_seen < clock_timestamp() - interval"
                                        + " '1 hour'")
                                .execute()
                                .compose(cleared -> tell(client))
                        : Future.succeededFuture());
    }

    Future<Void> leave(SqlClient client, UUID id) {
        return client.preparedQuery("DELETE FROM control_plane WHERE id = $1")
                .execute(Tuple.of(id))
                .compose(gone -> tell(client));
    }

    private static Future<Void> tell(SqlClient client) {
        return client.query("NOTIFY " + CHANNEL + ", 'control_plane'").execute().mapEmpty();
    }
}
