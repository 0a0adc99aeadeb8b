package dev.sluice.control.enrolment;

import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.JoinTokenStore.Fresh;
import dev.sluice.control.enrolment.JoinTokenStore.Stored;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.group.RuntimeGroup;
import dev.sluice.control.trust.Authority;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.JoinToken;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The join token of the settings: known from the start, without an end, for any number of runtimes of the default group.
 * Once it is revoked over REST it stays so, though the setting is still there.
 */
public final class FirstToken {
    private static final String NAME = "SLUICE_JOIN_TOKEN";

    private final Database database;
    private final JoinTokenStore store = new JoinTokenStore();
    private final GroupStore groups = new GroupStore();

    public FirstToken(Database database) {
        this.database = database;
    }

    /** @return fails with {@link InvalidSettingsException} when runtimes could not join with it */
    public Future<Void> accept(@Nullable JoinToken token, Authority authority) {
        if (token == null) {
            return Future.succeededFuture();
        }
        if (!token.authority().equals(authority.digest())) {
            return Future.failedFuture(wrong("is for another certificate authority (SHA-256 "
                    + token.authority().hex() + ") than the one in use (SHA-256 "
                    + authority.digest().hex()
                    + "): runtimes would refuse this control plane"));
        }
        return database.transaction(
                connection -> groups.get(connection, Caller.controlPlane("acceptFirstJoinToken"), RuntimeGroup.DEFAULT)
                        .compose(group -> store.insert(
                                connection,
                                new Fresh(token.id(), group.id(), NAME, token.secretHash(), null, null, "settings")))
                        .compose(made -> store.find(connection, token.id()))
                        .map(stored -> {
                            requireSame(token, stored);
                            return null;
                        }));
    }

    private static void requireSame(JoinToken token, @Nullable Stored stored) {
        if (stored == null || !stored.secretHash().equals(token.secretHash())) {
            throw wrong("has the id of another join token, " + token.id() + ": make a new one");
        }
    }

    private static InvalidSettingsException wrong(String what) {
        return new InvalidSettingsException(List.of(NAME + " " + what));
    }
}
