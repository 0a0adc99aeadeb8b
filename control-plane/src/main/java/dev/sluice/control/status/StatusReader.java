package dev.sluice.control.status;

import dev.sluice.control.access.Caller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.status.StatusStore.Cell;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts a record together from what the store reads. */
final class StatusReader {
    private final Vertx vertx;
    private final StatusStore store;
    private final OwnerStore owners = new OwnerStore();

    StatusReader(Vertx vertx, StatusStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    Future<StatusRecord> read(SqlConnection connection, Subject subject, StatusQuery query) {
        return store.cells(connection, subject, query).compose(cells -> {
            requireFew(query, cells);
            return store.names(connection, ids(cells)).compose(names -> latency(connection, subject, query)
                    .map(latency -> new StatusRecord(query, cells, names, latency)));
        });
    }

    private static Set<UUID> ids(List<Cell> cells) {
        Set<UUID> ids = cells.stream()
                .flatMap(cell -> Stream.of(
                        cell.key().route(), cell.key().runtime(), cell.key().version()))
                .collect(Collectors.toSet());
        boolean ignored = ids.remove(RouteIds.NONE);
        return ids;
    }

    /** Groups have only points at which something was counted, so this bounds their points too. */
    static void requireFew(StatusQuery query, List<Cell> cells) {
        if (cells.size() > StatusStore.MAX_ROWS) {
            List<Violation> wrong = new ArrayList<>();
            String tooMany = "makes more than " + StatusStore.MAX_ROWS + " rows; take ";
            wrong.add(new Violation("step", "range", tooMany + "a longer one, or a shorter range."));
            if (!query.by().isEmpty()) {
                wrong.add(new Violation("by", "range", tooMany + "less of it, or a longer step."));
            }
            throw new InvalidConfigurationException(wrong);
        }
    }

    /** Null where there is none, where records of the range are gone already, or where they are too many to merge. */
    Future<@Nullable Latency> latency(SqlConnection connection, Subject subject, StatusQuery query) {
        if (!query.hasLatency()) {
            return Future.succeededFuture();
        }
        return store.histograms(connection, subject, query)
                .compose(histograms -> histograms.isEmpty() || histograms.size() > StatusStore.MAX_HISTOGRAMS
                        ? Future.succeededFuture()
                        : merged(histograms));
    }

    private Future<@Nullable Latency> merged(List<Buffer> histograms) {
        return vertx.executeBlocking(() -> Latency.merged(histograms), false);
    }

    Future<Subject> service(SqlConnection connection, Caller caller, String service) {
        return owners.service(connection, caller, IdOrName.parse(service))
                .map(id -> Subject.of(Subject.Kind.SERVICE, id, caller));
    }

    Future<Subject> version(SqlConnection connection, Caller caller, String service, String version) {
        return store.version(connection, caller, service, version)
                .map(id -> found(
                        Subject.Kind.VERSION,
                        id,
                        caller,
                        "There is no version '" + version + "' of a service '" + service + "'."));
    }

    Future<Subject> route(SqlConnection connection, Caller caller, String route) {
        return store.route(connection, caller, route)
                .map(id -> found(Subject.Kind.ROUTE, id, caller, "There never was a route '" + route + "'."));
    }

    Future<Subject> group(SqlConnection connection, Caller caller, String group) {
        return owners.group(connection, caller, IdOrName.parse(group))
                .map(id -> found(Subject.Kind.GROUP, id, caller, "There is no runtime group '" + group + "'."));
    }

    private static Subject found(Subject.Kind kind, @Nullable UUID id, Caller caller, String otherwise) {
        if (id == null) {
            throw new NotFoundException(otherwise);
        }
        return Subject.of(kind, id, caller);
    }
}
