package dev.sluice.control.enrolment;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Takes runtimes' certificates back. */
final class RevocationStore {
    /** The newest serial numbers that fit into a notification; a runtime has one or two that are valid. */
    private static final int MOST_TOLD = 100;

    /**
     * A runtime within a group.
     *
     * @param joined it has an identity
     * @param gone it is not heard, or not let in any more
     */
    record Found(boolean joined, boolean reported, boolean gone) {
        boolean isThere() {
            return joined || reported;
        }
    }

    /** Locks what there is of a runtime; a report of it that is being taken in is waited for. */
    Future<Found> lock(SqlConnection connection, UUID group, UUID runtime) {
        return connection
                .preparedQuery("SELECT stopped OR last_seen < clock_timestamp() - interval '30 seconds' AS gone"
                        + " FROM runtime r WHERE r.id = $1 AND r.group_id = $2 AND NOT EXISTS (SELECT FROM"
                        + " runtime_identity i WHERE i.id = r.id AND i.group_id <> $2) FOR UPDATE")
                .execute(Tuple.of(runtime, group))
                .compose(reported -> connection
                        .preparedQuery("SELECT revoked_at IS NOT NULL AS revoked FROM runtime_identity"
                                + " WHERE id = $1 AND group_id = $2 FOR UPDATE")
                        .execute(Tuple.of(runtime, group))
                        .map(joined -> {
                            boolean gone = reported.size() == 0
                                    || reported.iterator().next().getBoolean("gone")
                                    || (joined.size() > 0
                                            && joined.iterator().next().getBoolean("revoked"));
                            return new Found(joined.size() > 0, reported.size() > 0, gone);
                        }));
    }

    /** Every certificate of a runtime, and tells all control planes. */
    Future<Void> revokeCertificates(SqlConnection connection, UUID runtime) {
        return connection
                .preparedQuery("UPDATE runtime_certificate SET revoked_at = clock_timestamp()"
                        + " WHERE runtime_id = $1 AND revoked_at IS NULL RETURNING serial,"
                        + " not_after > clock_timestamp() AS valid")
                .execute(Tuple.of(runtime))
                .compose(rows -> {
                    List<String> words = new ArrayList<>(List.of(runtime.toString()));
                    rows.forEach(row -> {
                        if (row.getBoolean("valid") && words.size() <= MOST_TOLD) {
                            words.add(row.getString("serial"));
                        }
                    });
                    return connection
                            .preparedQuery("SELECT pg_notify('" + IdentityStore.CHANNEL + "', $1)")
                            .execute(Tuple.of(String.join(" ", words)));
                })
                .mapEmpty();
    }

    Future<Void> revoke(SqlConnection connection, UUID runtime, String author) {
        return connection
                .preparedQuery("UPDATE runtime_identity SET revoked_at = clock_timestamp(), revoked_by = $2"
                        + " WHERE id = $1 AND revoked_at IS NULL")
                .execute(Tuple.of(runtime, author))
                .mapEmpty();
    }

    /** The entry of the directory and the identity; certificates stay, as what they are. */
    Future<Void> forget(SqlConnection connection, UUID runtime) {
        return connection
                .preparedQuery("DELETE FROM runtime WHERE id = $1")
                .execute(Tuple.of(runtime))
                .compose(done -> connection
                        .preparedQuery("DELETE FROM runtime_identity WHERE id = $1")
                        .execute(Tuple.of(runtime)))
                .mapEmpty();
    }

    /** Whoever waits for the group's runtimes looks again. */
    Future<Void> tellDirectory(SqlConnection connection, UUID group) {
        return connection
                .preparedQuery("SELECT pg_notify('sluice_runtime', $1)")
                .execute(Tuple.of(group.toString()))
                .mapEmpty();
    }
}
