package dev.sluice.control.people;

import dev.sluice.control.failure.ConflictException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Sees to it that somebody is left who may do everything. */
final class Administrators {
    /** Whoever takes an administrator away does so one after the other. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(7238273647001)";

    /** Tokens that expire do not count: nobody would be left then. */
    private static final String ANY = "SELECT EXISTS (SELECT FROM role_grant r JOIN user_account u ON u.id = r.user_id"
            + " WHERE r.group_id IS NULL AND r.role = 'admin' AND NOT u.disabled)"
            + " OR EXISTS (SELECT FROM role_grant r JOIN api_token t ON t.id = r.token_id"
            + " WHERE r.group_id IS NULL AND r.role = 'admin' AND t.user_id IS NULL AND t.expires_at IS NULL)";

    private final boolean settingIsOne;

    /** @param settingIsOne whether the settings have the token of one that is always there */
    Administrators(boolean settingIsOne) {
        this.settingIsOne = settingIsOne;
    }

    /**
     * To be called in the transaction that took something away, after that; fails with {@link ConflictException} when it
     * was the last.
     */
    Future<Void> requireOne(SqlConnection connection) {
        if (settingIsOne) {
            return Future.succeededFuture();
        }
        return connection
                .query(LOCK)
                .execute()
                .compose(locked -> connection.query(ANY).execute())
                .map(rows -> {
                    if (!rows.iterator().next().getBoolean(0)) {
                        throw new ConflictException("This is the last administrator of all runtime groups; nobody could"
                                + " make another one. Make one first, or set SLUICE_ADMIN_TOKEN.");
                    }
                    return null;
                });
    }
}
