package dev.sluice.control.revision;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.model.problem.InvalidConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** The one way in which configuration changes. */
public final class ConfigWriter {
    public ConfigWriter(Vertx vertx, Database database, Snapshots snapshots, HeadListener listener) {}

    /**
     * Runs a change in one transaction. For each group that it locked and whose entities differ afterwards, the new
     * content is compiled, written, and becomes the group's next revision; a change that changes nothing makes none.
     * After a deadlock or a serialization failure the change runs again, so it must have no effects but on the
     * transaction.
     *
     * @param author who changes, for the revision's row
     * @return the change's value; fails with {@link InvalidConfigurationException} when the new content cannot be
     *     served, {@link ConflictException} when a name or id is taken, {@link UnavailableException} when the database
     *     does not answer, or with what the change failed with; then nothing was written
     */
    public <T> Future<Committed<T>> write(String author, Function<ConfigTransaction, Future<T>> change) {
        throw new UnsupportedOperationException("to come");
    }
}
