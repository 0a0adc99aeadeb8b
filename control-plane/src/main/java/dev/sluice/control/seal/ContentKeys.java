package dev.sluice.control.seal;

import dev.sluice.control.db.Database;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that seal secrets within a group's snapshots. Runtimes of the group have them, and no others. A group's first
 * is made when it is first needed.
 */
public final class ContentKeys {
    /** Where they are kept, sealed. */
    public static final SealedColumn COLUMN = new SealedColumn("content_key", "id", "sealed_key", "content_key");

    private final Database database;
    private final SealingKeys secretKeys;
    private final ContentKeyStore store = new ContentKeyStore();
    private final Map<UUID, SealingKeys> known = new ConcurrentHashMap<>();

    public ContentKeys(Database database, SealingKeys secretKeys) {
        this.database = database;
        this.secretKeys = secretKeys;
    }

    /**
     * The keys of a group, of which there is one at least: the newest seals. Once they are known the database is not
     * asked again, so they are there during an outage too.
     *
     * <p>To be called before a transaction that locks the group's row, or else with its connection.
     *
     * @return fails with ConflictException when there is no such group
     */
    public Future<SealingKeys> of(UUID group) {
        SealingKeys keys = known.get(group);
        return keys != null
                ? Future.succeededFuture(keys)
                : database.transaction(connection -> of(connection, group))
                        .onSuccess(found -> known.putIfAbsent(group, found));
    }

    /** As {@link #of(UUID)}, within a transaction: a key that it makes is there when that is committed. */
    public Future<SealingKeys> of(SqlConnection connection, UUID group) {
        SealingKeys keys = known.get(group);
        if (keys != null) {
            return Future.succeededFuture(keys);
        }
        return present(connection, group)
                .compose(present ->
                        present.isEmpty() ? made(connection, group) : Future.succeededFuture(asOne(present)));
    }

    /** The keys that a group has today, the newest first; none when none was needed yet. */
    public Future<List<SealingKey>> present(SqlClient client, UUID group) {
        return store.of(client, group).map(rows -> {
            List<SealingKey> keys = new ArrayList<>();
            rows.forEach(row -> keys.add(SealingKey.of(secretKeys.open(COLUMN.context(row.id()), row.sealed()))));
            return keys;
        });
    }

    private Future<SealingKeys> made(SqlConnection connection, UUID group) {
        return store.lock(connection, group)
                .compose(locked -> present(connection, group))
                .compose(present -> {
                    if (!present.isEmpty()) {
                        return Future.succeededFuture(asOne(present));
                    }
                    SealingKey key = SealingKey.random();
                    String sealed = secretKeys.seal(COLUMN.context(key.id()), key.bytes());
                    return store.insert(connection, group, key.id(), sealed).map(new SealingKeys(key, List.of()));
                });
    }

    private static SealingKeys asOne(List<SealingKey> keys) {
        return new SealingKeys(keys.get(0), keys.subList(1, keys.size()));
    }
}
