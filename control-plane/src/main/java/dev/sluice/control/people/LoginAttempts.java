package dev.sluice.control.people;

import dev.sluice.control.db.Database;
import dev.sluice.control.http.RefusedRequestException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who guesses: after some failures of a user name, or from an address, each further one doubles the time until
 * the next attempt, from a second up to five minutes. An attempt counts as failed from its beginning until it succeeds, so
 * that many at once gain nothing. An hour without any forgets them.
 */
final class LoginAttempts {
    private static final int FREE_OF_USER = 5;
    private static final int FREE_OF_ADDRESS = 20;
    private static final String BEGIN = "INSERT INTO login_attempt AS a (subject, failures) VALUES ($1, 1)"
            + " ON CONFLICT (subject) DO UPDATE SET last_at = clock_timestamp(),"
            + " failures = CASE WHEN a.last_at < now() - interval '1 hour' THEN 1 ELSE a.failures + 1 END,"
            + " blocked_until = clock_timestamp() + make_interval(secs => CASE"
            + " WHEN a.last_at < now() - interval '1 hour' OR a.failures + 1 < $2::int THEN 0"
            + " ELSE least(300, power(2, least(a.failures + 1 - $2::int, 10))) END)"
            + " WHERE a.blocked_until <= clock_timestamp() RETURNING failures";
    private static final String WAIT = "SELECT ceil(extract(epoch FROM blocked_until - clock_timestamp()))::int"
            + " FROM login_attempt WHERE subject = $1";
    private static final String SUCCEEDED = "DELETE FROM login_attempt WHERE subject = $1";
    private static final String TAKE_BACK = "UPDATE login_attempt SET failures = greatest(failures - 1, 0),"
            + " blocked_until = clock_timestamp() WHERE subject = $1";

    private final Database database;

    LoginAttempts(Database database) {
        this.database = database;
    }

    /**
     * Begins an attempt.
     *
     * @param user name as it was given; null for an attempt with a token
     * @return fails with 429 while either has to wait
     */
    Future<Void> begin(@Nullable String user, String address) {
        return database.transaction(connection -> begin(connection, "address " + address, FREE_OF_ADDRESS)
                .compose(free ->
                        user == null ? Future.succeededFuture() : begin(connection, "user " + user, FREE_OF_USER)));
    }

    /** The attempt was none to guess. An address keeps the failures that it had before, for it may serve many. */
    Future<Void> succeeded(@Nullable String user, String address) {
        return database.transaction(connection -> connection
                .preparedQuery(TAKE_BACK)
                .execute(Tuple.of("address " + address))
                .compose(done -> user == null
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery(SUCCEEDED)
                                .execute(Tuple.of("user " + user))
                                .mapEmpty()));
    }

    private static Future<Void> begin(SqlConnection connection, String subject, int free) {
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(subject, free))
                .compose(begun -> begun.rowCount() > 0
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery(WAIT)
                                .execute(Tuple.of(subject))
                                .map(rows -> {
                                    int seconds = rows.size() == 0
                                            ? 1
                                            : Math.max(1, rows.iterator().next().getInteger(0));
                                    throw new RefusedRequestException(
                                                    429,
                                                    "Too many failed attempts; wait " + seconds
                                                            + " seconds before the next.")
                                            .with("Retry-After", Integer.toString(seconds));
                                }));
    }
}
