package dev.sluice.control.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.group.RuntimeGroup;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A group's history over REST: what changed, when and by whom, differences, snapshot files, and the way back. */
public final class RevisionsApi {
    private static final String HEAD = "head";

    private final Vertx vertx;
    private final Database database;
    private final GroupStore groups;
    private final Snapshots snapshots;
    private final Function<Snapshot, SignedSnapshot> signer;
    private final RevisionStore revisions;
    private final Restore restore;

    /** @param signer signs snapshots that are downloaded, on a worker thread */
    public RevisionsApi(
            Vertx vertx,
            Database database,
            GroupStore groups,
            Snapshots snapshots,
            ConfigWriter writer,
            Function<Snapshot, SignedSnapshot> signer) {
        this.vertx = vertx;
        this.database = database;
        this.groups = groups;
        this.snapshots = snapshots;
        this.signer = signer;
        this.revisions = new RevisionStore(vertx);
        this.restore = new Restore(writer, revisions);
    }

    public void register(Operations operations) {
        operations
                .on("listRevisions", this::list)
                .on("getRevision", this::get)
                .on("diffRevision", this::diff)
                .on("getRevisionSnapshot", this::snapshot)
                .on("restoreRevision", this::restore);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        Long before = before(page);
        return database.read(connection -> group(connection, call)
                        .compose(group -> revisions.page(connection, group.id(), before, page.limit())))
                .map(rows -> Answer.ok(page.answer(rows, row -> Long.toString(row.number()), row -> row)));
    }

    private Future<Answer> get(Call call) {
        return database.read(connection -> group(connection, call).compose(group -> {
            long number = number(call.path("number"), group);
            return revisions.find(connection, group.id(), number).compose(row -> revisions
                    .changes(connection, group.id(), number)
                    .map(changes -> {
                        ObjectNode json = ConfigJson.MAPPER.valueToTree(row);
                        return Answer.ok(withChanges(json, changes));
                    }));
        }));
    }

    private Future<Answer> diff(Call call) {
        String to = call.query("to");
        return database.read(connection -> group(connection, call))
                .compose(group -> at(group, call.path("number")).compose(from -> at(group, to == null ? HEAD : to)
                        .compose(until -> vertx.executeBlocking(() -> difference(from, until), false))))
                .map(Answer::ok);
    }

    private Future<Answer> snapshot(Call call) {
        return database.read(connection -> group(connection, call))
                .compose(group -> at(group, call.path("number")))
                .compose(snapshot -> vertx.executeBlocking(() -> file(signer.apply(snapshot)), false));
    }

    private Future<Answer> restore(Call call) {
        return database.read(connection -> group(connection, call))
                .compose(group -> restore.run(call.caller(), group.id(), number(call.path("number"), group)))
                .compose(committed -> {
                    Head head = committed.heads().get(0);
                    return database.read(connection -> revisions.find(
                                    connection, head.groupId(), head.revision().number()))
                            .map(row -> Answer.ok(row).wrote(committed.heads()));
                });
    }

    private Future<RuntimeGroup> group(SqlClient client, Call call) {
        return groups.get(client, call.caller(), call.path("group"));
    }

    private Future<Snapshot> at(RuntimeGroup group, String number) {
        return number.equals(HEAD) ? snapshots.head(group.id()) : snapshots.at(group.id(), number(number, group));
    }

    private static long number(String text, RuntimeGroup group) {
        if (text.equals(HEAD)) {
            return group.head().revision().number();
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NotFoundException(
                    "'" + text + "' is no revision: revisions are numbers, and 'head' is the newest.");
        }
    }

    private static @Nullable Long before(Page page) {
        String after = page.after();
        try {
            return after == null ? null : Long.valueOf(after);
        } catch (NumberFormatException e) {
            throw Position.notACursor();
        }
    }

    private static ObjectNode difference(Snapshot from, Snapshot to) {
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("from", from.revision().number())
                .put("to", to.revision().number());
        return withChanges(json, EntityChange.between(from, to));
    }

    private static ObjectNode withChanges(ObjectNode json, List<EntityChange> changes) {
        json.putArray("changes").addAll(changes.stream().map(EntityChange::json).toList());
        return json;
    }

    private static Answer file(SignedSnapshot signed) {
        Snapshot snapshot = signed.snapshot();
        String name = snapshot.group().replaceAll("[^A-Za-z0-9._-]", "_") + "-"
                + snapshot.revision().number() + ".snapshot";
        return Answer.ok(Buffer.buffer(SnapshotFormat.write(signed)), SnapshotFormat.MEDIA_TYPE)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .etag(snapshot.etag());
    }
}
