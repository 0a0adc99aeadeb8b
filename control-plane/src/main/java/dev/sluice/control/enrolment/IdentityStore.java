package dev.sluice.control.enrolment;

import dev.sluice.control.trust.RuntimeCertificates.Issued;
import dev.sluice.model.trust.RuntimeName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of runtimes that have joined, and of their certificates. */
final class IdentityStore {
    /** Notified with the id of a runtime that may call no more. */
    static final String CHANNEL = "sluice_revoked";

    private static final String STANDING = "SELECT c.serial, i.group_id, g.name AS group_name,"
            + " c.revoked_at IS NOT NULL OR i.revoked_at IS NOT NULL AS revoked FROM runtime_certificate c"
            + " LEFT JOIN runtime_identity i ON i.id = c.runtime_id LEFT JOIN runtime_group g ON g.id = i.group_id";

    /**
     * How a runtime that wants to join is known.
     *
     * @param known it has joined before
     * @param keyIsIts it shows a key that one of its unrevoked certificates has
     * @param keyIsRevoked that key is one of a revoked certificate, whoever's
     */
    record Joining(boolean known, boolean revoked, boolean keyIsIts, boolean keyIsRevoked) {}

    /** Null for a certificate that was not issued here. */
    Future<@Nullable Standing> standing(SqlClient client, String serial) {
        return client.preparedQuery(STANDING + " WHERE c.serial = $1")
                .execute(Tuple.of(serial))
                .map(rows -> rows.size() == 0 ? null : standing(rows.iterator().next()));
    }

    /** Of all certificates that are valid, or would be if they were not revoked. */
    Future<Map<String, Standing>> standings(SqlClient client) {
        return client.query(STANDING + " WHERE c.not_after > clock_timestamp()")
                .execute()
                .map(rows -> {
                    Map<String, Standing> standings = new HashMap<>();
                    rows.forEach(row -> standings.put(row.getString("serial"), standing(row)));
                    return standings;
                });
    }

    private static Standing standing(Row row) {
        return new Standing(row.getUUID("group_id"), row.getString("group_name"), row.getBoolean("revoked"));
    }

    /** Makes a runtime known, unless it is; then its row is locked until the transaction ends. */
    Future<Joining> meet(SqlConnection connection, RuntimeName name, String shownName, String keyFingerprint) {
        return connection
                .preparedQuery("INSERT INTO runtime_identity (id, group_id, name, certificate_not_after)"
                        + " VALUES ($1, $2, $3, now()) ON CONFLICT (id) DO NOTHING")
                .execute(Tuple.of(name.runtime(), name.group(), shownName))
                .compose(made -> joining(connection, name.runtime(), keyFingerprint, made.rowCount() == 0));
    }

    /** As {@link #meet}, of a runtime that is known or is not, and in this group or another. */
    Future<Joining> rejoin(SqlConnection connection, RuntimeName name, String keyFingerprint) {
        return joining(connection, name.runtime(), keyFingerprint, true);
    }

    private static Future<Joining> joining(SqlConnection connection, UUID runtime, String key, boolean known) {
        return connection
                .preparedQuery("SELECT i.revoked_at IS NOT NULL AS revoked,"
                        + " EXISTS (SELECT FROM runtime_certificate WHERE runtime_id = $1 AND key_fingerprint = $2"
                        + " AND revoked_at IS NULL) AS key_is_its,"
                        + " EXISTS (SELECT FROM runtime_certificate WHERE key_fingerprint = $2"
                        + " AND revoked_at IS NOT NULL) AS key_is_revoked"
                        + " FROM runtime_identity i WHERE i.id = $1 FOR UPDATE OF i")
                .execute(Tuple.of(runtime, key))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return new Joining(true, true, false, false); // forgotten at this very moment
                    }
                    Row row = rows.iterator().next();
                    return new Joining(
                            known,
                            row.getBoolean("revoked"),
                            row.getBoolean("key_is_its"),
                            row.getBoolean("key_is_revoked"));
                });
    }

    /** Certificates of a runtime that are neither expired nor revoked. */
    Future<Integer> validCertificates(SqlConnection connection, UUID runtime) {
        return connection
                .preparedQuery("SELECT count(*)::integer FROM runtime_certificate WHERE runtime_id = $1"
                        + " AND revoked_at IS NULL AND not_after > clock_timestamp()")
                .execute(Tuple.of(runtime))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    Future<Void> insert(SqlConnection connection, RuntimeName name, String keyFingerprint, Issued issued) {
        return connection
                .preparedQuery("INSERT INTO runtime_certificate (serial, runtime_id, group_id, key_fingerprint,"
                        + " not_before, not_after) VALUES ($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        issued.serial(),
                        name.runtime(),
                        name.group(),
                        keyFingerprint,
                        issued.notBefore().atOffset(ZoneOffset.UTC),
                        issued.notAfter().atOffset(ZoneOffset.UTC)))
                .compose(done -> connection
                        .preparedQuery("UPDATE runtime_identity SET certificate_not_after = $2 WHERE id = $1")
                        .execute(Tuple.of(name.runtime(), issued.notAfter().atOffset(ZoneOffset.UTC))))
                .mapEmpty();
    }

    /** After it has joined again: perhaps under another name, or in another group. */
    Future<Void> update(SqlConnection connection, RuntimeName name, String shownName) {
        return connection
                .preparedQuery("UPDATE runtime_identity SET group_id = $2, name = $3 WHERE id = $1")
                .execute(Tuple.of(name.runtime(), name.group(), shownName))
                .mapEmpty();
    }
}
