package dev.sluice.control.seal;

import dev.sluice.control.db.Database;
import dev.sluice.control.seal.SealedStore.Value;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At the start: shows that the secret key is the right one, and seals anew what a former one sealed. */
public final class Reseal {
    private static final Logger LOG = LoggerFactory.getLogger(Reseal.class);

    private final Database database;
    private final SealingKeys keys;
    private final List<SealedColumn> columns;
    private final SealedStore store = new SealedStore();

    public Reseal(Database database, SealingKeys keys, List<SealedColumn> columns) {
        this.database = database;
        this.keys = keys;
        this.columns = List.copyOf(columns);
    }

    /**
     * All or nothing, in one transaction; while nothing is to be done, one short query a column.
     *
     * @return how many values were sealed anew; fails with {@link InvalidSettingsException} when something cannot be
     *     opened: then nothing was changed
     */
    public Future<Integer> run() {
        return database.transaction(connection -> store.lock(connection).compose(locked -> all(connection, 0, 0)))
                .onSuccess(number -> {
                    if (number > 0) {
                        LOG.info(
                                "{} secrets are sealed anew, under key {}",
                                number,
                                keys.current().id());
                    }
                });
    }

    private Future<Integer> all(SqlConnection connection, int index, int before) {
        if (index == columns.size()) {
            return Future.succeededFuture(before);
        }
        SealedColumn column = columns.get(index);
        return store.notSealedBy(connection, column, keys.current().id())
                .compose(values -> each(connection, column, values, 0)
                        .compose(done -> all(connection, index + 1, before + values.size())));
    }

    private Future<Void> each(SqlConnection connection, SealedColumn column, List<Value> values, int index) {
        if (index == values.size()) {
            return Future.succeededFuture();
        }
        Value value = values.get(index);
        return store.replace(connection, column, sealedAnew(column.context(value.key()), value.sealed()), value)
                .compose(done -> each(connection, column, values, index + 1));
    }

    private String sealedAnew(String context, String sealed) {
        try {
            return keys.seal(context, keys.open(context, sealed));
        } catch (UnsealableException e) {
            throw wrongKey(e);
        }
    }

    /** For whoever finds at the start that something does not open: what is to be done about it. */
    public static InvalidSettingsException wrongKey(UnsealableException failure) {
        return new InvalidSettingsException(List.of("SLUICE_SECRET_KEY does not open the secrets in the database ("
                + failure.getMessage() + "): set the key that the other control planes have, and if it was replaced,"
                + " the one before in SLUICE_FORMER_SECRET_KEYS"));
    }
}
