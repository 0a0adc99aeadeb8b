package dev.sluice.control.people;

import dev.sluice.control.access.Principal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of sessions, of whose ids only the SHA-256 is kept. Who a session is of, see {@link PrincipalStore}. */
final class SessionStore {
    private static final String INSERT =
            "INSERT INTO login_session (id, sha256, user_id, token_id, setting_proof, expires_at)"
                    + " VALUES ($1, $2, $3, $4, $5, now() + interval '12 hours') RETURNING expires_at";

    /**
     * Begins one; the value is when it ends at the latest.
     *
     * @param id what the cookie carries
     * @param settingProof of a holder of the settings' token; null for others
     */
    Future<Instant> begin(
            SqlConnection connection, UUID key, String id, Principal holder, byte @Nullable [] settingProof) {
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(
                        key,
                        Buffer.buffer(Secret.sha256(id)),
                        holder.kind() == Principal.Kind.USER ? holder.id() : null,
                        holder.kind() == Principal.Kind.TOKEN ? holder.id() : null,
                        settingProof == null ? null : Buffer.buffer(settingProof)))
                .map(rows ->
                        rows.iterator().next().getOffsetDateTime("expires_at").toInstant());
    }

    /** Ends the session of this cookie, if there is one. */
    Future<Void> end(SqlConnection connection, String id) {
        return connection
                .preparedQuery("DELETE FROM login_session WHERE sha256 = $1")
                .execute(Tuple.of(Buffer.buffer(Secret.sha256(id))))
                .mapEmpty();
    }

    /** Ends all of a user, those of his tokens too. */
    Future<Void> endOfUser(SqlConnection connection, UUID userId, @Nullable UUID except) {
        return connection
                .preparedQuery("DELETE FROM login_session WHERE (user_id = $1 OR token_id IN"
                        + " (SELECT id FROM api_token WHERE user_id = $1)) AND ($2::uuid IS NULL OR id <> $2)")
                .execute(Tuple.of(userId, except))
                .mapEmpty();
    }
}
