package dev.sluice.control.upstream;

import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operation;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityFilter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Upstreams over HTTP. */
public final class UpstreamApi {
    private final Database database;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final UpstreamFinder finder;
    private final UpstreamWrites writes;

    public UpstreamApi(
            Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners, UpstreamFinder finder) {
        this.database = database;
        this.entities = entities;
        this.owners = owners;
        this.finder = finder;
        this.writes = new UpstreamWrites(database, writer, entities, finder, new UpstreamReferences(owners));
    }

    public void register(Operations operations) {
        operations
                .on("listUpstreams", this::list)
                .on("createUpstream", writes::create)
                .on("getUpstream", at(this::read))
                .on("replaceUpstream", at(writes::replace))
                .on("updateUpstream", at(writes::update))
                .on("deleteUpstream", at(writes::delete));
    }

    private static Operation at(BiFunction<Call, IdOrName, Future<Answer>> handler) {
        return call -> handler.apply(call, IdOrName.parse(call.path("upstream")));
    }

    private Future<Answer> read(Call call, IdOrName path) {
        return database.read(client -> finder.find(client, call.caller(), path))
                .map(stored -> Answer.ok(UpstreamView.of(stored)).etag());
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(client -> group(client, call.caller(), call.query("group"))
                        .compose(group ->
                                entities.page(client, call.caller(), EntityKinds.UPSTREAM, filter(call, group), page)))
                .map(stored -> Answer.ok(page.answer(stored, StoredEntity::key, UpstreamView::of)));
    }

    private Future<@Nullable UUID> group(SqlClient client, Caller caller, @Nullable String named) {
        if (named == null) {
            return Future.succeededFuture(null);
        }
        return owners.group(client, caller, IdOrName.parse(named)).map(id -> {
            if (id == null) {
                throw new NotFoundException("There is no runtime group " + IdOrName.parse(named) + ".");
            }
            return id;
        });
    }

    private static EntityFilter filter(Call call, @Nullable UUID group) {
        return new EntityFilter(null, call.query("name"), tags(call.query("tags")), group);
    }

    private static List<String> tags(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .toList();
    }
}
