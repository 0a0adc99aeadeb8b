package dev.sluice.control.people;

import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Principal.Kind;
import dev.sluice.control.access.Principal.OpenSession;
import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who shows a token or a session, with what he may do as of now: a role that is taken away is gone with the next
 * request. Notes, once a minute at most, that the token or session was used.
 */
final class PrincipalStore {
    private static final Logger LOG = LoggerFactory.getLogger(PrincipalStore.class);
    private static final String HOLDER = "t.id AS token_id, t.name AS token_name, t.expires_at AS token_expires_at,"
            + " u.id AS user_id, u.name AS user_name, " + GrantStore.ofToken("t.id") + " AS token_grants, "
            + GrantStore.ofUser("u.id") + " AS user_grants";
    private static final String VALID =
            " AND u.disabled IS NOT TRUE AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())";
    private static final String OF_TOKEN = "SELECT (t.last_used_at > now() - interval '1 minute') IS NOT TRUE AS due, "
            + HOLDER + " FROM api_token t LEFT JOIN user_account u ON u.id = t.user_id WHERE t.sha256 = $1" + VALID;
    private static final String OF_SESSION = "SELECT s.id, s.expires_at, s.setting_proof,"
            + " s.last_seen_at < now() - interval '1 minute' AS due, " + HOLDER + " FROM login_session s"
            + " LEFT JOIN api_token t ON t.id = s.token_id"
            + " LEFT JOIN user_account u ON u.id = coalesce(s.user_id, t.user_id) WHERE s.sha256 = $1"
            + " AND s.expires_at > clock_timestamp() AND s.last_seen_at > now() - interval '30 minutes'" + VALID;
    private static final String TOKEN_USED = "UPDATE api_token SET last_used_at = now() WHERE id = $1"
            + " AND (last_used_at > now() - interval '1 minute') IS NOT TRUE";
    private static final String SESSION_USED = "UPDATE login_session SET last_seen_at = now() WHERE id = $1"
            + " AND last_seen_at < now() - interval '1 minute'";

    private final Database database;

    PrincipalStore(Database database) {
        this.database = database;
    }

    Future<@Nullable Principal> ofToken(byte[] sha256) {
        return database.read(client -> client.preparedQuery(OF_TOKEN).execute(Tuple.of(Buffer.buffer(sha256))))
                .map(rows -> {
                    for (Row row : rows) {
                        if (row.getBoolean("due")) {
                            note(TOKEN_USED, row.getUUID("token_id"));
                        }
                        return holder(row);
                    }
                    return null;
                });
    }

    /**
     * @param setting the holder of the settings' token; null where there is none
     * @param proof that the session is of that token
     */
    Future<@Nullable Principal> ofSession(String id, @Nullable Principal setting, byte @Nullable [] proof) {
        Tuple key = Tuple.of(Buffer.buffer(Secret.sha256(id)));
        return database.read(client -> client.preparedQuery(OF_SESSION).execute(key))
                .map(rows -> {
                    for (Row row : rows) {
                        Principal holder = row.getBuffer("setting_proof") == null
                                ? holder(row)
                                : MessageDigest.isEqual(
                                                row.getBuffer("setting_proof").getBytes(), proof)
                                        ? setting
                                        : null;
                        return holder == null ? null : within(holder, row, id);
                    }
                    return null;
                });
    }

    private Principal within(Principal holder, Row row, String id) {
        UUID session = row.getUUID("id");
        if (row.getBoolean("due")) {
            note(SESSION_USED, session);
        }
        Instant end = row.getOffsetDateTime("expires_at").toInstant();
        Instant ownEnd = holder.expiresAt();
        return holder.within(
                new OpenSession(session, Secret.csrfToken(id)), ownEnd != null && ownEnd.isBefore(end) ? ownEnd : end);
    }

    private void note(String sql, UUID id) {
        database.transaction(connection -> connection.preparedQuery(sql).execute(Tuple.of(id)))
                .onFailure(failure -> LOG.debug("That a token or session was used is not noted", failure));
    }

    /** A token of a user may do no more than the user. */
    private static Principal holder(Row row) {
        UUID tokenId = row.getUUID("token_id");
        UUID userId = row.getUUID("user_id");
        Grants ofUser = GrantStore.read(row.getString("user_grants"));
        if (tokenId == null) {
            return new Principal(Kind.USER, userId, row.getString("user_name"), userId, ofUser, null, null);
        }
        Grants granted = GrantStore.read(row.getString("token_grants"));
        OffsetDateTime end = row.getOffsetDateTime("token_expires_at");
        return new Principal(
                Kind.TOKEN,
                tokenId,
                row.getString("token_name"),
                userId,
                userId == null ? granted : granted.within(ofUser),
                end == null ? null : end.toInstant(),
                null);
    }
}
