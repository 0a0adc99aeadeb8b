package dev.sluice.control.audit;

import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Principal;
import dev.sluice.control.db.Database;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the transactions of writes cannot: requests that failed or were refused, and writes that left no row
 * of their own. Requests of unknown callers are bounded, for anybody can make them.
 */
public final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int MOST_OF_NOBODY = 300;

    private final Database database;
    private final AuditStore store = new AuditStore();
    private final Map<String, Minute> nobody = new ConcurrentHashMap<>();

    /** @param minute since the epoch */
    private record Minute(long minute, int count) {}

    public AuditTrail(Database database) {
        this.database = database;
    }

    /** Never fails: what cannot be written down is logged. */
    public Future<Void> ended(Caller caller, int status) {
        if (caller.principal().kind() == Principal.Kind.NOBODY
                && isTooMuch(caller.request().operation())) {
            return Future.succeededFuture();
        }
        return database.transaction(connection -> store.ended(connection, caller, status))
                .recover(failure -> {
                    LOG.error(
                            "The audit trail lacks {} by {} from {}, answered {}, request {}",
                            caller.request().operation(),
                            caller.name(),
                            caller.request().address(),
                            status,
                            caller.request().id(),
                            failure);
                    return Future.succeededFuture();
                });
    }

    /** By operation, so that a flood of other calls leaves logins their rows. */
    private boolean isTooMuch(String operation) {
        long now = System.currentTimeMillis() / 60_000;
        Minute minute = nobody.compute(
                operation,
                (key, known) ->
                        known == null || known.minute != now ? new Minute(now, 1) : new Minute(now, known.count + 1));
        if (minute.count == MOST_OF_NOBODY + 1) {
            LOG.warn(
                    "More than {} refused calls of {} by unknown callers within a minute; the audit trail leaves out"
                            + " the rest of them",
                    MOST_OF_NOBODY,
                    operation);
        }
        return minute.count > MOST_OF_NOBODY;
    }
}
