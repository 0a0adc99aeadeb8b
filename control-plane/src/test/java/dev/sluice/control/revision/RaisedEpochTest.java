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
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.control.access.TestCaller;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a raised epoch does to a group's history: nothing. */
class RaisedEpochTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final List<Head> announced = new CopyOnWriteArrayList<>();
    private static Database database;
    private static Snapshots snapshots;
    private static Snapshots ofAnotherControlPlane;
    private static ConfigWriter writer;
    private static int count;

    private UUID group = UUID.randomUUID();
    private UUID version = UUID.randomUUID();
    private final UUID route = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        ofAnotherControlPlane = new Snapshots(vertx, database);
        writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), announced::addAll);
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @BeforeEach
    void declare() {
        String name = "raised-" + ++count;
        group = Declared.group(database, name);
        version = version(database, service(database, name), group, "v.1");
        put(
                writer,
                group,
                implementation(UUID.randomUUID(), version, "echo"),
                route(route, version, "mockbin", "/mock"));
        remove(writer, group, routeKey(route));
    }

    @Test
    void everyControlPlaneHasTheSameContentAsTheHeadOfTheNewEpoch() {
        Snapshot before = await(ofAnotherControlPlane.head(group));
        announced.clear();

        Head raised = await(writer.raiseEpoch(TestCaller.TESTER, group)).head();

        assertThat(raised.revision()).isEqualTo(new Revision(raised.revision().epoch(), 2));
        assertThat(raised.revision().epoch()).isGreaterThan(1);
        assertThat(announced).containsExactly(raised);
        for (Snapshots each : List.of(snapshots, ofAnotherControlPlane)) {
            Snapshot head = await(each.head(group));
            assertThat(head.revision()).isEqualTo(raised.revision());
            assertThat(head.digest()).isEqualTo(before.digest());
            assertThat(head.etag()).isNotEqualTo(before.etag());
        }
    }

    @Test
    void revisionsOfFormerEpochsCanBeReadAndRestoredAndTheNextOneIsOfTheNewEpoch() {
        Revision raised =
                await(writer.raiseEpoch(TestCaller.TESTER, group)).head().revision();
        RevisionStore revisions = new RevisionStore(vertx);

        assertThat(await(snapshots.at(group, 1)).revision()).isEqualTo(new Revision(1, 1));
        Head restored = await(new Restore(writer, revisions).run(TestCaller.TESTER, group, 1))
                .heads()
                .get(0);

        assertThat(restored.revision()).isEqualTo(raised.next());
        assertThat(await(snapshots.head(group)).digest())
                .isEqualTo(await(snapshots.at(group, 1)).digest());
        List<RevisionRow> history = await(database.read(client -> revisions.page(client, group, null, 10)));
        assertThat(history)
                .extracting(RevisionRow::number, RevisionRow::epoch)
                .containsExactly(tuple(3L, raised.epoch()), tuple(2L, 1L), tuple(1L, 1L));
    }

    @Test
    void writesAndRaisesAtTheSameTimeLoseNothing() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "route-" + i;
            all.add(writer.write(
                    TestCaller.TESTER,
                    transaction -> transaction.lock(List.of(group)).map(locked -> {
                        StagedGroup.StagedEntity staged = route(UUID.randomUUID(), version, name, "/" + name);
                        transaction.put(group, staged.entity(), staged.facts());
                        return name;
                    })));
            all.add(writer.raiseEpoch(TestCaller.TESTER, group));
        }

        await(Future.all(all));

        Snapshot head = await(ofAnotherControlPlane.head(group));
        assertThat(head.revision().number()).isEqualTo(22);
        assertThat(head.entities()).hasSize(21);
        assertThat(await(snapshots.head(group)).revision()).isEqualTo(head.revision());
    }

    @Test
    void aControlPlaneThatRanOnWhileTheDatabaseWasRestoredHasTheRestoredHead() {
        sql("CREATE TABLE kept_head AS SELECT * FROM group_head");
        sql("CREATE TABLE kept_entity AS SELECT * FROM config_entity");
        sql("CREATE TABLE kept_revision AS SELECT * FROM revision");
        String then = await(snapshots.head(group)).digest().hex();
        for (int i = 0; i < 4; i++) {
            put(writer, group, route(UUID.randomUUID(), version, "later-" + i, "/later/" + i));
        }
        assertThat(await(snapshots.head(group)).revision().number()).isEqualTo(6);
        sql("DELETE FROM config_entity");
        sql("DELETE FROM revision");
        sql("INSERT INTO config_entity SELECT * FROM kept_entity");
        sql("INSERT INTO revision SELECT * FROM kept_revision");
        sql("UPDATE group_head h SET epoch = k.epoch, revision = k.revision, digest = k.digest"
                + " FROM kept_head k WHERE k.group_id = h.group_id");

        Revision raised =
                await(writer.raiseEpoch(TestCaller.TESTER, group)).head().revision();

        Snapshot head = await(snapshots.head(group));
        assertThat(head.revision()).isEqualTo(raised);
        assertThat(raised.number()).isEqualTo(2);
        assertThat(head.digest().hex()).isEqualTo(then);
        put(writer, group, route(UUID.randomUUID(), version, "after", "/after"));
        assertThat(await(snapshots.head(group)).revision()).isEqualTo(raised.next());
    }

    private static void sql(String statement) {
        await(database.pool().query(statement).execute());
    }
}
