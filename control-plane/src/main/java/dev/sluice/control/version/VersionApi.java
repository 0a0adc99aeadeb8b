package dev.sluice.control.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.Owner;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Versions over HTTP. */
public final class VersionApi {
    private final Database database;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final VersionWrites writes;

    public VersionApi(
            Database database, ConfigWriter writer, EntityStore entities, OwnerStore owners, VersionStore versions) {
        this.database = database;
        this.entities = entities;
        this.owners = owners;
        this.writes = new VersionWrites(database, writer, entities, owners, versions);
    }

    public void register(Operations operations) {
        operations
                .on("listVersions", this::list)
                .on("createVersion", writes::create)
                .on("getVersion", this::read)
                .on("replaceVersion", writes::replace)
                .on("updateVersion", writes::update)
                .on("deleteVersion", writes::delete);
    }

    private Future<Answer> read(Call call) {
        IdOrName service = IdOrName.parse(call.path("service"));
        IdOrName version = IdOrName.parse(call.path("version"));
        return database.read(client -> owners.find(client, call.caller(), service, version)
                        .compose(owner -> entities.ofVersion(client, owner.versionId(), null)
                                .map(held -> VersionView.of(owner, held))))
                .map(view -> Answer.ok(view).etag());
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        return database.read(client -> owners.service(client, call.caller(), IdOrName.parse(call.path("service")))
                .compose(serviceId -> page(client, serviceId, call, page))
                .compose(versions -> held(client, versions).map(held -> answer(page, versions, held))));
    }

    private Future<List<Owner>> page(SqlClient client, UUID serviceId, Call call, Page page) {
        String after = page.after();
        Position position = after == null ? null : Position.parse(after);
        return owners.page(
                client,
                call.caller(),
                serviceId,
                call.query("name"),
                position == null ? null : position.createdAt().atOffset(ZoneOffset.UTC),
                position == null ? null : position.id(),
                page.limit());
    }

    /** What each of these versions holds, in their order; the queries go out without waiting for each other. */
    private Future<List<List<StoredEntity>>> held(SqlClient client, List<Owner> versions) {
        List<Future<List<StoredEntity>>> reads = new ArrayList<>();
        versions.forEach(version -> reads.add(entities.ofVersion(client, version.versionId(), null)));
        return Future.all(reads).map(done -> reads.stream().map(Future::result).toList());
    }

    private static Answer answer(Page page, List<Owner> versions, List<List<StoredEntity>> held) {
        record Listed(Owner version, List<StoredEntity> held) {}
        List<Listed> listed = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            listed.add(new Listed(versions.get(i), held.get(i)));
        }
        ObjectNode answer = page.answer(
                listed,
                row -> new Position(row.version().createdAt(), row.version().versionId()).key(),
                row -> VersionView.of(row.version(), row.held()));
        return Answer.ok(answer);
    }
}
