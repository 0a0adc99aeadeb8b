package dev.sluice.control.enrolment;

import dev.sluice.control.access.Caller;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DELETE runtime}: one that is there is revoked and stays in the directory as that; one that is gone, or was
 * revoked before, is forgotten.
 */
public final class RevocationApi {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationApi.class);

    private final Database database;
    private final RevocationStore store = new RevocationStore();
    private final GroupStore groups = new GroupStore();
    private final AuditStore audit = new AuditStore();

    public RevocationApi(Database database) {
        this.database = database;
    }

    public void register(Operations operations) {
        operations.on("deleteRuntime", this::delete);
    }

    private Future<Answer> delete(Call call) {
        UUID runtime = id(call.path("runtime"));
        return database.transaction(connection -> groups.get(connection, call.caller(), call.path("group"))
                        .compose(group -> delete(connection, group.id(), runtime, call.caller())))
                .onSuccess(forgotten -> LOG.info(
                        "Runtime {} was {} by {}",
                        runtime,
                        forgotten ? "forgotten" : "revoked",
                        call.caller().name()))
                .map(Answer.noContent());
    }

    /** Whether it was forgotten rather than revoked. */
    private Future<Boolean> delete(SqlConnection connection, UUID group, UUID runtime, Caller caller) {
        return store.lock(connection, group, runtime).compose(found -> {
            if (!found.isThere()) {
                throw unknown(runtime.toString());
            }
            return store.revokeCertificates(connection, runtime)
                    .compose(done -> found.gone()
                            ? store.forget(connection, runtime)
                            : store.revoke(connection, runtime, caller.name()))
                    .compose(done -> store.tellDirectory(connection, group))
                    .compose(done -> audit.wrote(connection, caller, List.of(change(runtime, found.gone()))))
                    .map(found.gone());
        });
    }

    private static AuditChange change(UUID runtime, boolean forgotten) {
        return new AuditChange(
                "runtime",
                runtime,
                null,
                ConfigJson.MAPPER.createObjectNode().put("revoked", forgotten),
                forgotten ? null : ConfigJson.MAPPER.createObjectNode().put("revoked", true));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw unknown(text);
        }
    }

    private static NotFoundException unknown(String runtime) {
        return new NotFoundException("There is no runtime '" + runtime + "' in this runtime group.");
    }
}
