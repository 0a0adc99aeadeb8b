package dev.sluice.control.trust;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When certificates of runtimes end. Runtimes that are not heard do not count: they renew nothing. */
final class ExpiryStore {
    private static final String NEWEST = "SELECT DISTINCT ON (c.runtime_id) r.name, c.runtime_id, c.not_before,"
            + " c.not_after FROM runtime_certificate c JOIN runtime r ON r.id = c.runtime_id"
            + " WHERE c.revoked_at IS NULL AND NOT r.stopped"
            + " AND r.last_seen >= clock_timestamp() - interval '30 seconds'"
            + " ORDER BY c.runtime_id, c.not_after DESC";

    /** A runtime whose certificate should have been renewed long ago. */
    record Late(String runtime, Instant notAfter) {}

    /** Null where there are none. */
    Future<@Nullable Instant> soonest(SqlClient client) {
        return client.query("SELECT min(not_after) FROM (" + NEWEST + ") newest")
                .execute()
                .map(rows -> {
                    OffsetDateTime soonest = rows.iterator().next().getOffsetDateTime(0);
                    return soonest == null ? null : soonest.toInstant();
                });
    }

    /** Renewal is due at two thirds of a certificate's life; a third of the time that is left then has gone by too. */
    Future<List<Late>> late(SqlClient client) {
        return client.query("SELECT * FROM (" + NEWEST + ") newest"
                        + " WHERE clock_timestamp() > not_before + (not_after - not_before) * 7 / 9 ORDER BY not_after"
                        + " LIMIT 20")
                .execute()
                .map(rows -> {
                    List<Late> late = new ArrayList<>();
                    for (Row row : rows) {
                        late.add(new Late(
                                row.getString("name") + " (" + row.getUUID("runtime_id") + ")",
                                row.getOffsetDateTime("not_after").toInstant()));
                    }
                    return late;
                });
    }

    /** Certificates that ended long ago; of each runtime the newest stays, by whose key it may join again. */
    Future<Integer> clear(SqlClient client) {
        return client.query(
                        "DELETE FROM runtime_certificate c WHERE c.not_after < clock_timestamp() - interval '90 days'"
                                + " AND (c.revoked_at IS NOT NULL OR EXISTS (SELECT FROM runtime_certificate n"
                                + " WHERE n.runtime_id = c.runtime_id AND n.not_after > c.not_after))")
                .execute()
                .map(rows -> rows.rowCount());
    }
}
