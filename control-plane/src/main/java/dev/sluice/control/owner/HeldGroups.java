package dev.sluice.control.owner;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Groups that what belongs to a group and to no version is written in. */
public final class HeldGroups {
    private static final String GROUP =
            "SELECT id, name, now() AS as_of FROM runtime_group WHERE id = $1 OR name = $2 FOR KEY SHARE";

    /**
     * A group that is not deleted before the transaction ends.
     *
     * @param asOf the database's time at the transaction's beginning
     */
    public record Group(UUID id, String name, Instant asOf) {
        public boolean is(IdOrName named) {
            return named.id() == null ? name.equals(named.text()) : id.equals(named.id());
        }
    }

    /** Fails with {@link InvalidConfigurationException} when there is no such group for the caller. */
    public Future<Group> hold(SqlConnection connection, Caller caller, IdOrName group) {
        return connection
                .preparedQuery(GROUP)
                .execute(Tuple.of(group.id(), group.name()))
                .map(rows -> {
                    if (rows.size() == 0 || !caller.sees(group(rows).id())) {
                        throw new InvalidConfigurationException(List.of(new Violation(
                                "runtime_group", "not_found", "There is no runtime group " + group + ".")));
                    }
                    return allowed(caller, group(rows));
                });
    }

    /** Fails with {@link NotFoundException} when it has been deleted, and everything in it. */
    public Future<Group> hold(SqlConnection connection, Caller caller, UUID id) {
        IdOrName group = new IdOrName(id, id.toString());
        return connection
                .preparedQuery(GROUP)
                .execute(Tuple.of(group.id(), group.name()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new NotFoundException("Its runtime group has just been deleted.");
                    }
                    return allowed(caller, group(rows));
                });
    }

    private static Group allowed(Caller caller, Group group) {
        caller.require(group.id(), group.name());
        return group;
    }

    private static Group group(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Group(
                row.getUUID("id"),
                row.getString("name"),
                row.getOffsetDateTime("as_of").toInstant());
    }
}
