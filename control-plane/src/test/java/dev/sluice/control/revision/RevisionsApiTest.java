package dev.sluice.control.revision;

import static dev.sluice.control.revision.Declared.await;
import static dev.sluice.control.revision.Declared.implementation;
import static dev.sluice.control.revision.Declared.put;
import static dev.sluice.control.revision.Declared.remove;
import static dev.sluice.control.revision.Declared.route;
import static dev.sluice.control.revision.Declared.routeKey;
import static dev.sluice.control.revision.Declared.service;
import static dev.sluice.control.revision.Declared.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.group.ApiUnderTest;
import dev.sluice.control.group.GroupStore;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevisionsApiTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String PATH = "/v1/runtime-groups/history/revisions";
    private static final Vertx vertx = Vertx.vertx();
    private static final UUID route = UUID.randomUUID();
    private static Database database;
    private static Snapshots snapshots;
    private static ApiUnderTest api;
    private static UUID group;

    @BeforeAll
    static void declareThreeRevisions() {
        database = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        ConfigWriter writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), heads -> {});
        RevisionsApi revisions = new RevisionsApi(
                vertx, database, new GroupStore(), snapshots, writer, snapshot -> new SignedSnapshot(snapshot, null));
        api = new ApiUnderTest(vertx, database, revisions::register);
        group = Declared.group(database, "history");
        UUID version = version(database, service(database, "shop"), group, "v.1");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"), route(route, version, "mockbin", "/a"));
        put(writer, group, route(route, version, "mockbin", "/b"));
        remove(writer, group, routeKey(route));
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void aRevisionTellsWhatItChanged() {
        JsonObject first = api.get(PATH + "/1").bodyAsJsonObject();
        assertThat(first.getString("author")).isEqualTo("tester");
        assertThat(first.getString("summary")).isEqualTo("put 2");
        assertThat(first.getString("digest"))
                .isEqualTo(await(snapshots.at(group, 1)).digest().hex());
        assertThat(first.getJsonArray("changes")).hasSize(2);

        JsonObject changed = change(PATH + "/2");
        assertThat(changed.getString("change")).isEqualTo("updated");
        assertThat(changed.getString("name")).isEqualTo("mockbin");
        assertThat(changed.getJsonObject("before").getJsonArray("paths")).containsExactly("/a");
        assertThat(changed.getJsonObject("after").getJsonArray("paths")).containsExactly("/b");

        JsonObject deleted = change(PATH + "/3");
        assertThat(deleted.getString("change")).isEqualTo("deleted");
        assertThat(deleted.getString("id")).isEqualTo(route.toString());
        assertThat(deleted.getValue("after")).isNull();
    }

    @Test
    void revisionsDifferByTheirContent() {
        JsonObject diff = api.get(PATH + "/1/diff?to=2").bodyAsJsonObject();
        assertThat(diff.getLong("from")).isEqualTo(1);
        assertThat(diff.getLong("to")).isEqualTo(2);
        assertThat(diff.getJsonArray("changes")).hasSize(1);

        JsonObject fromNothing = api.get(PATH + "/0/diff?to=1").bodyAsJsonObject();
        assertThat(fromNothing.getJsonArray("changes")).hasSize(2);
        assertThat(fromNothing.getJsonArray("changes").getJsonObject(0).getString("change"))
                .isEqualTo("created");
    }

    @Test
    void aSnapshotIsASeedFile() {
        HttpResponse<Buffer> file = api.get(PATH + "/2/snapshot");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.getHeader("Content-Type")).isEqualTo(SnapshotFormat.MEDIA_TYPE);
        assertThat(file.getHeader("Content-Disposition")).isEqualTo("attachment; filename=\"history-2.snapshot\"");

        Snapshot read = SnapshotFormat.read(file.body().getBytes());
        assertThat(read.group()).isEqualTo("history");
        assertThat(read.digest()).isEqualTo(await(snapshots.at(group, 2)).digest());
    }

    @Test
    void historyIsListedTheNewestFirstAndPaged() {
        JsonObject page = api.get(PATH + "?size=2").bodyAsJsonObject();
        JsonArray data = page.getJsonArray("data");
        assertThat(data).hasSize(2);
        long newest = data.getJsonObject(0).getLong("number");
        assertThat(newest).isGreaterThanOrEqualTo(3);
        assertThat(data.getJsonObject(1).getLong("number")).isEqualTo(newest - 1);
        JsonObject next =
                api.get(PATH + "?size=1000&after=" + page.getString("next")).bodyAsJsonObject();
        assertThat(next.getJsonArray("data").getJsonObject(0).getLong("number")).isEqualTo(newest - 2);
        assertThat(next.getValue("next")).isNull();
    }

    @Test
    void anEarlierRevisionIsRestored() {
        HttpResponse<Buffer> restored = api.send(HttpMethod.POST, PATH + "/2/restore", null, null);
        assertThat(restored.statusCode()).isEqualTo(200);
        JsonObject revision = restored.bodyAsJsonObject();
        assertThat(revision.getLong("restored_from")).isEqualTo(2);
        assertThat(api.get(PATH + "/head").bodyAsJsonObject().getLong("number")).isEqualTo(revision.getLong("number"));
        assertThat(api.get(PATH + "/2/diff").bodyAsJsonObject().getJsonArray("changes"))
                .isEmpty();

        HttpResponse<Buffer> again = api.send(HttpMethod.POST, PATH + "/2/restore", null, null);
        assertThat(again.bodyAsJsonObject().getLong("number")).isEqualTo(revision.getLong("number"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(api.get(PATH + "/99").statusCode()).isEqualTo(404);
        assertThat(api.get(PATH + "/99").bodyAsJsonObject().getString("detail")).contains("kept are 1 to");
        assertThat(api.get(PATH + "/soon/snapshot").statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/runtime-groups/nowhere/revisions").statusCode()).isEqualTo(404);
        assertThat(api.send(HttpMethod.POST, PATH + "/99/restore", null, null).statusCode())
                .isEqualTo(404);
    }

    private static JsonObject change(String path) {
        JsonArray changes = api.get(path).bodyAsJsonObject().getJsonArray("changes");
        assertThat(changes).hasSize(1);
        return changes.getJsonObject(0);
    }
}
