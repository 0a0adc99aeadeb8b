package dev.sluice.control.revision;

import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.group.RuntimeGroup.GroupHead;
import dev.sluice.model.snapshot.Revision;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Raises the epoch of a group's head. */
final class EpochStore {
    /**
     * The time in milliseconds, as with a new group, and more than everything that is known of: after a restore also what
     * runtimes report. They may say anything, so whatever lies more than ten years ahead is passed over: no clock was
     * ever that wrong, and the numbers must not run out.
     */
    private static final String RAISE = "WITH raised AS (UPDATE group_head h SET changed_at = now(),"
            + " epoch = greatest((extract(epoch FROM clock_timestamp()) * 1000)::bigint, 1 + greatest(h.epoch,"
            + " (SELECT max(r.epoch) FROM revision r WHERE r.group_id = h.group_id),"
            + " (SELECT max(r.epoch) FROM runtime r WHERE r.group_id = h.group_id"
            + " AND r.epoch < extract(epoch FROM clock_timestamp() + interval '10 years') * 1000)))"
            + " WHERE h.group_id = $1 RETURNING group_id, epoch, revision, digest, changed_at)"
            + " SELECT g.name, raised.*, pg_notify('" + CandidateStore.CHANNEL + "', g.id::text)"
            + " FROM raised JOIN runtime_group g ON g.id = raised.group_id";

    private EpochStore() {}

    /** A head with its new epoch. */
    record Raised(Head head, GroupHead state) {}

    /** Fails with {@link NotFoundException}. */
    static Future<Raised> raise(SqlConnection connection, UUID groupId) {
        return connection.preparedQuery(RAISE).execute(Tuple.of(groupId)).map(rows -> {
            if (rows.size() == 0) {
                throw new NotFoundException("There is no runtime group " + groupId + ".");
            }
            Row row = rows.iterator().next();
            Revision revision = new Revision(row.getLong("epoch"), row.getLong("revision"));
            return new Raised(
                    new Head(groupId, row.getString("name"), revision),
                    new GroupHead(
                            revision,
                            row.getString("digest"),
                            row.getOffsetDateTime("changed_at").toInstant()));
        });
    }
}
