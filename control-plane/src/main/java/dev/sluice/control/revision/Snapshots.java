package dev.sluice.control.revision;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of groups. The heads are kept in memory and brought up to date, at every call, by what has changed since;
 * only committed content is ever kept.
 */
public final class Snapshots {
    private final Vertx vertx;
    private final Database database;
    private final HeadReader reader;
    private final RevisionStore revisions;
    private final Map<UUID, GroupContent> heads = new ConcurrentHashMap<>();

    public Snapshots(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
        this.reader = new HeadReader(vertx);
        this.revisions = new RevisionStore(vertx);
    }

    /** The head of a group; fails with {@link NotFoundException}. */
    public Future<Snapshot> head(UUID groupId) {
        return database.read(client -> refresh(client, groupId)).map(GroupContent::snapshot);
    }

    /** The compiled routes of the head of a group; fails with {@link NotFoundException}. */
    public Future<RouteTable> headTable(UUID groupId) {
        return database.read(client -> refresh(client, groupId)).compose(content -> {
            RouteTable compiled = content.table();
            return compiled != null ? Future.succeededFuture(compiled) : vertx.executeBlocking(content::compile, false);
        });
    }

    /** What a group was at a revision; fails with {@link NotFoundException}, also when that was pruned. */
    public Future<Snapshot> at(UUID groupId, long revision) {
        return database.read(client -> revisions.content(client, groupId, revision))
                .map(RevisionContent::snapshot);
    }

    /** Content of the head as this client sees it: the same whenever others do not write. */
    Future<GroupContent> refresh(SqlClient client, UUID groupId) {
        GroupContent known = heads.get(groupId);
        return reader.read(client, groupId, known)
                .onSuccess(content -> keep(groupId, known, content))
                .onFailure(failure -> {
                    if (failure instanceof NotFoundException) {
                        heads.remove(groupId);
                    }
                });
    }

    /** Takes over what has been committed, unless something later is known already. */
    void committed(GroupContent content) {
        heads.merge(
                content.groupId(),
                content,
                (known, mine) ->
                        mine.snapshot().revision().isAfter(known.snapshot().revision()) ? mine : known);
    }

    /** In place of what was known when the reading began; where somebody else has put in something, that stays. */
    private void keep(UUID groupId, @Nullable GroupContent known, GroupContent content) {
        if (known == null) {
            heads.putIfAbsent(groupId, content);
        } else if (known != content) {
            heads.replace(groupId, known, content);
        }
    }
}
