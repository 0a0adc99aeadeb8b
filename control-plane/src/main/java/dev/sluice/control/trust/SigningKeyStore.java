package dev.sluice.control.trust;

import dev.sluice.control.seal.SealedColumn;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of signing keys. */
final class SigningKeyStore {
    static final SealedColumn COLUMN = new SealedColumn("signing_key", "id", "sealed_key", "signing_key");
    private static final long LOCK = 0x516;

    /**
     * A key as it is stored.
     *
     * @param retiresAt when it counts no more; null for the one that signs
     * @param retired by the database's clock
     */
    record Stored(
            String id,
            String certificate,
            String sealedKey,
            Instant createdAt,
            Instant notAfter,
            @Nullable Instant retiresAt,
            boolean retired) {}

    /** One control plane at a time, until the transaction ends. */
    Future<Void> lock(SqlConnection connection) {
        return connection
                .query("SELECT pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .mapEmpty();
    }

    /** Those whose certificates are valid, the newest first. */
    Future<List<Stored>> all(SqlClient client) {
        return client.query("SELECT *, coalesce(retires_at <= clock_timestamp(), false) AS retired FROM signing_key"
                        + " WHERE not_after > clock_timestamp() OR retires_at IS NULL ORDER BY created_at DESC, id")
                .execute()
                .map(rows -> {
                    List<Stored> keys = new ArrayList<>();
                    rows.forEach(row -> keys.add(stored(row)));
                    return keys;
                });
    }

    /**
     * Puts another key in the place of the one that signs, and tells all control planes.
     *
     * @param overlap how long the former counts from now on; null: as long as its certificate
     */
    Future<Void> replace(SqlConnection connection, Stored next, @Nullable Duration overlap) {
        return connection
                .preparedQuery("UPDATE signing_key SET retires_at = coalesce(clock_timestamp()"
                        + " + $1::double precision * interval '1 second', not_after) WHERE retires_at IS NULL")
                .execute(Tuple.of(overlap == null ? null : (double) overlap.toSeconds()))
                .compose(done -> connection
                        .preparedQuery("INSERT INTO signing_key (id, certificate, sealed_key, created_at, not_after)"
                                + " VALUES ($1, $2, $3, clock_timestamp(), $4)")
                        .execute(Tuple.of(
                                next.id(),
                                next.certificate(),
                                next.sealedKey(),
                                next.notAfter().atOffset(ZoneOffset.UTC))))
                .compose(done -> connection
                        .query("NOTIFY " + TrustStore.CHANNEL + ", 'signing_key'")
                        .execute())
                .mapEmpty();
    }

    private static Stored stored(Row row) {
        OffsetDateTime retires = row.getOffsetDateTime("retires_at");
        return new Stored(
                row.getString("id"),
                row.getString("certificate"),
                row.getString("sealed_key"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("not_after").toInstant(),
                retires == null ? null : retires.toInstant(),
                row.getBoolean("retired"));
    }
}
