package dev.sluice.control.revision;

import dev.sluice.control.revision.StagedGroup.StagedEntity;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the next revision of a group. */
final class CandidateStore {
    /** Whoever hears of it may read the head; the payload is the group's id. */
    static final String CHANNEL = "sluice_head";

    private static final String END = "UPDATE config_entity c SET valid_to = $2 FROM unnest($3::text[], $4::uuid[])"
            + " AS ended (kind, id) WHERE c.group_id = $1 AND c.kind = ended.kind AND c.id = ended.id"
            + " AND c.valid_to IS NULL";
    private static final String BEGIN = "INSERT INTO config_entity"
            + " (group_id, kind, id, valid_from, version_id, name, tags, bytes, created_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String OWNERS = "INSERT INTO route_owner (group_id, route_id, version_id)"
            + " SELECT $1, route_id, version_id FROM unnest($2::uuid[], $3::uuid[]) AS owned (route_id, version_id)"
            + " ON CONFLICT (group_id, route_id) DO UPDATE SET version_id = excluded.version_id"
            + " WHERE route_owner.version_id <> excluded.version_id";
    private static final String ADVANCE = "WITH made AS (INSERT INTO revision"
            + " (group_id, number, epoch, digest, author, summary, restored_from) VALUES ($1, $2, $3, $4, $5, $6, $7)),"
            + " head AS (UPDATE group_head SET revision = $2, digest = $4, changed_at = now()"
            + " WHERE group_id = $1 AND epoch = $3 AND revision = $2 - 1 RETURNING group_id)"
            + " SELECT pg_notify('" + CHANNEL + "', group_id::text) FROM head";

    private CandidateStore() {}

    /**
     * Writes them all. Every group's rows end before any begins: an entity that moves from one to the other is current
     * in one of them at most.
     */
    static Future<Void> write(
            SqlConnection connection, List<Candidate> candidates, String author, ConfigTransaction transaction) {
        Future<Void> done = Future.succeededFuture();
        for (Candidate candidate : candidates) {
            done = done.compose(before -> end(connection, candidate));
        }
        for (Candidate candidate : candidates) {
            done = done.compose(before -> begin(connection, candidate))
                    .compose(before -> own(connection, candidate))
                    .compose(before ->
                            advance(connection, candidate, author, transaction.summary(), transaction.restoredFrom()));
        }
        return done;
    }

    private static Future<Void> end(SqlConnection connection, Candidate candidate) {
        if (candidate.ended().isEmpty()) {
            return Future.succeededFuture();
        }
        String[] kinds = candidate.ended().stream().map(EntityKey::kind).toArray(String[]::new);
        UUID[] ids = candidate.ended().stream().map(EntityKey::id).toArray(UUID[]::new);
        return connection
                .preparedQuery(END)
                .execute(Tuple.of(candidate.groupId(), candidate.number(), kinds, ids))
                .map(rows -> expect(ids.length, rows.rowCount(), candidate));
    }

    private static Future<Void> begin(SqlConnection connection, Candidate candidate) {
        if (candidate.written().isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> rows = candidate.written().stream()
                .map(staged -> row(candidate, staged.entity(), staged.facts()))
                .toList();
        return connection.preparedQuery(BEGIN).executeBatch(rows).mapEmpty();
    }

    private static Tuple row(Candidate candidate, Entity entity, EntityFacts facts) {
        return Tuple.tuple()
                .addUUID(candidate.groupId())
                .addString(entity.kind())
                .addUUID(entity.id())
                .addLong(candidate.number())
                .addUUID(facts.versionId())
                .addString(facts.name())
                .addArrayOfString(facts.tags().toArray(new String[0]))
                .addBuffer(Buffer.buffer(entity.bytes()))
                .addOffsetDateTime(facts.createdAt().atOffset(ZoneOffset.UTC));
    }

    private static Future<Void> own(SqlConnection connection, Candidate candidate) {
        List<StagedEntity> routes = candidate.written().stream()
                .filter(staged -> staged.entity().kind().equals(EntityKinds.ROUTE))
                .toList();
        if (routes.isEmpty()) {
            return Future.succeededFuture();
        }
        UUID[] ids = routes.stream().map(staged -> staged.entity().id()).toArray(UUID[]::new);
        UUID[] versions =
                routes.stream().map(staged -> staged.facts().versionId()).toArray(UUID[]::new);
        return connection
                .preparedQuery(OWNERS)
                .execute(Tuple.of(candidate.groupId(), ids, versions))
                .mapEmpty();
    }

    private static Future<Void> advance(
            SqlConnection connection, Candidate candidate, String author, String summary, @Nullable Long restoredFrom) {
        Tuple values = Tuple.tuple()
                .addUUID(candidate.groupId())
                .addLong(candidate.number())
                .addLong(candidate.next().snapshot().revision().epoch())
                .addString(candidate.next().snapshot().digest().hex())
                .addString(author)
                .addString(summary)
                .addLong(restoredFrom);
        return connection.preparedQuery(ADVANCE).execute(values).map(rows -> expect(1, rows.size(), candidate));
    }

    /** Under the lock of the head nobody else can have changed these rows. */
    private static @Nullable Void expect(int wanted, int found, Candidate candidate) {
        if (wanted != found) {
            throw new IllegalStateException("Revision " + candidate.number() + " of "
                    + candidate.next().snapshot().group() + " met " + found + " rows where " + wanted + " should be");
        }
        return null;
    }
}
