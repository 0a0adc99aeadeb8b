package dev.sluice.control.trust;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.seal.ContentKeys;
import dev.sluice.control.trust.TrustStore.Plane;
import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.wire.Trust;
import dev.sluice.model.wire.Trust.ContentKey;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runtimes of each group are to trust, as it last was: read when something of it is notified, and every few
 * seconds; kept while the database does not answer.
 */
public final class TrustDocuments {
    private static final Logger LOG = LoggerFactory.getLogger(TrustDocuments.class);
    private static final long READ_MS = 5000;
    private static final int VERSION_DIGITS = 32;

    private final Vertx vertx;
    private final Database database;
    private final Authorities authorities;
    private final ContentKeys contentKeys;
    private final TrustStore store = new TrustStore();
    private volatile Map<UUID, Trust> known = Map.of();
    private volatile List<String> planes = List.of();
    private @Nullable Future<Void> reading;
    private @Nullable Future<Void> following;
    private long timer = -1;

    TrustDocuments(Vertx vertx, Database database, Authorities authorities, ContentKeys contentKeys) {
        this.vertx = vertx;
        this.database = database;
        this.authorities = authorities;
        this.contentKeys = contentKeys;
    }

    void start() {
        database.listen(TrustStore.CHANNEL, what -> refresh());
        timer = vertx.setPeriodic(READ_MS, id -> refresh());
    }

    void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    /** Version of what a group's runtimes are to trust, as far as it is known; null for a group that is not. */
    public @Nullable String version(UUID group) {
        Trust trust = known.get(group);
        return trust == null ? null : trust.version();
    }

    /** Runtime-API URLs of the control planes that are there. */
    public List<String> controlPlanes() {
        return planes;
    }

    /**
     * The document of a group, read anew; as it last was when the database does not answer.
     *
     * @return fails with {@link NotFoundException} when there is no such group
     */
    public Future<Trust> of(UUID group) {
        return read().recover(
                        failure -> known.containsKey(group) ? Future.succeededFuture() : Future.failedFuture(failure))
                .map(read -> {
                    Trust trust = known.get(group);
                    if (trust == null) {
                        throw new NotFoundException("There is no runtime group " + group + ".");
                    }
                    return trust;
                });
    }

    private void refresh() {
        read().onFailure(failure -> LOG.debug("What runtimes trust was not read, next try follows", failure));
    }

    /** One reading at a time; whoever asks during one waits for another, which sees what he has seen. */
    synchronized Future<Void> read() {
        if (reading == null) {
            reading = begin();
            return reading;
        }
        if (following == null) {
            following = reading.transform(done -> next());
        }
        return following;
    }

    private synchronized Future<Void> next() {
        following = null;
        reading = begin();
        return reading;
    }

    private Future<Void> begin() {
        Future<Void> read = database.read(this::load);
        return read.andThen(done -> ended());
    }

    private synchronized void ended() {
        if (following == null) {
            reading = null;
        }
    }

    private Future<Void> load(SqlConnection connection) {
        return store.groups(connection)
                .compose(groups -> store.retiredSigners(connection).compose(retired -> store.planes(connection)
                        .compose(present -> contentKeys(connection).map(keys -> {
                            take(groups, retired, present, keys);
                            return null;
                        }))));
    }

    private Future<Map<UUID, List<SealingKey>>> contentKeys(SqlConnection connection) {
        return store.sealedGroups(connection).compose(groups -> {
            Future<Map<UUID, List<SealingKey>>> all = Future.succeededFuture(new HashMap<>());
            for (UUID group : groups) {
                all = all.compose(
                        found -> contentKeys.present(connection, group).map(keys -> {
                            found.put(group, keys);
                            return found;
                        }));
            }
            return all;
        });
    }

    private void take(
            Map<UUID, String> groups, List<String> retired, List<Plane> present, Map<UUID, List<SealingKey>> keys) {
        Map<UUID, Trust> trusts = new HashMap<>();
        groups.forEach(
                (id, name) -> trusts.put(id, trust(id, name, retired, present, keys.getOrDefault(id, List.of()))));
        planes = present.stream().map(Plane::runtimeApi).distinct().toList();
        known = Map.copyOf(trusts);
    }

    private Trust trust(UUID group, String name, List<String> retired, List<Plane> present, List<SealingKey> keys) {
        Trust unnamed = versioned("", group, name, retired, present, keys);
        String version = Digest.of(WireJson.bytes(unnamed)).hex().substring(0, VERSION_DIGITS);
        return versioned(version, group, name, retired, present, keys);
    }

    private Trust versioned(
            String version, UUID group, String name, List<String> retired, List<Plane> present, List<SealingKey> keys) {
        return new Trust(
                version,
                group,
                name,
                List.of(authorities.api().pem()),
                List.of(authorities.bus().pem()),
                retired,
                keys.stream().map(TrustDocuments::contentKey).toList(),
                present.stream().map(Plane::runtimeApi).distinct().toList(),
                present.stream()
                        .map(Plane::member)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
    }

    private static ContentKey contentKey(SealingKey key) {
        return new ContentKey(key.id(), Base64.getEncoder().encodeToString(key.bytes()));
    }
}
