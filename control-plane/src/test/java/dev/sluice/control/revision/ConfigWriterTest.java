package dev.sluice.control.revision;

import static dev.sluice.control.revision.Declared.await;
import static dev.sluice.control.revision.Declared.defaultGroup;
import static dev.sluice.control.revision.Declared.implementation;
import static dev.sluice.control.revision.Declared.put;
import static dev.sluice.control.revision.Declared.remove;
import static dev.sluice.control.revision.Declared.route;
import static dev.sluice.control.revision.Declared.routeKey;
import static dev.sluice.control.revision.Declared.service;
import static dev.sluice.control.revision.Declared.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.access.TestCaller;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConfigWriterTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final List<Head> heard = Collections.synchronizedList(new ArrayList<>());
    private static Database database;
    private static Snapshots snapshots;
    private static ConfigWriter writer;
    private static UUID service;

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), heard::addAll);
        service = service(database, "example_service");
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void theFirstStartMakesAnEmptyDefaultGroup() {
        Snapshot head = await(new Snapshots(vertx, database).head(defaultGroup(database)));

        assertThat(head.group()).isEqualTo("default");
        assertThat(head.revision().number()).isZero();
    }

    @Test
    void aChangeBecomesTheNextRevisionAndIsAnnounced() {
        UUID group = Declared.group(database, "announced");
        UUID version = version(database, service, group, "v.announced");

        Committed<UUID> committed = put(writer, group, implementation(UUID.randomUUID(), version, "echo"));

        Head expected = new Head(group, "announced", new Revision(1, 1));
        assertThat(committed.heads()).containsExactly(expected);
        assertThat(heard).contains(expected);
        Snapshot cold = await(new Snapshots(vertx, database).head(group));
        assertThat(cold.entities()).hasSize(1);
        assertThat(cold.digest()).isEqualTo(await(snapshots.head(group)).digest());
    }

    @Test
    void aChangeThatChangesNothingMakesNoRevision() {
        UUID group = Declared.group(database, "unchanged");
        UUID version = version(database, service, group, "v.unchanged");
        UUID id = UUID.randomUUID();
        put(writer, group, implementation(id, version, "echo"));

        Committed<UUID> again = put(writer, group, implementation(id, version, "echo"));
        Committed<UUID> absent = remove(writer, group, routeKey(UUID.randomUUID()));

        assertThat(again.heads()).containsExactly(new Head(group, "unchanged", new Revision(1, 1)));
        assertThat(absent.heads()).containsExactly(new Head(group, "unchanged", new Revision(1, 1)));
        assertThat(revisions(group)).containsExactly(1L);
    }

    @Test
    void whatCannotBeCompiledLeavesNothingWritten() {
        UUID group = Declared.group(database, "uncompiled");
        UUID version = version(database, service, group, "v.uncompiled");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));

        assertThatThrownBy(() -> await(writer.write(TestCaller.TESTER, transaction -> transaction
                        .connection()
                        .preparedQuery("INSERT INTO service (id, name) VALUES ($1, 'never_there')")
                        .execute(Tuple.of(UUID.randomUUID()))
                        .compose(made -> transaction.lock(List.of(group)))
                        .map(locked -> {
                            StagedGroup.StagedEntity bad = route(UUID.randomUUID(), version, "bad", "~/(");
                            transaction.put(group, bad.entity(), bad.facts());
                            return "done";
                        }))))
                .isInstanceOf(InvalidConfigurationException.class);

        assertThat(revisions(group)).containsExactly(1L);
        assertThat(count("SELECT count(*) FROM service WHERE name = 'never_there'"))
                .isZero();
        assertThat(await(snapshots.head(group)).revision().number()).isEqualTo(1);
    }

    @Test
    void aChangeThatFailsLeavesNothingInMemory() {
        UUID group = Declared.group(database, "failed");
        UUID version = version(database, service, group, "v.failed");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));

        assertThatThrownBy(() -> await(writer.write(
                        TestCaller.TESTER,
                        transaction -> transaction.lock(List.of(group)).compose(locked -> {
                            StagedGroup.StagedEntity staged = route(UUID.randomUUID(), version, "lost", "/lost");
                            transaction.put(group, staged.entity(), staged.facts());
                            return Future.failedFuture(new ConflictException("no"));
                        }))))
                .isInstanceOf(ConflictException.class);

        assertThat(await(snapshots.head(group)).entities()).hasSize(1);
    }

    @Test
    void aTakenRouteNameIsRefusedNamingItsOwner() {
        UUID group = Declared.group(database, "taken");
        UUID version = version(database, service, group, "v.taken");
        UUID first = UUID.randomUUID();
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"), route(first, version, "mockbin", "/a"));

        assertThatThrownBy(() -> put(writer, group, route(UUID.randomUUID(), version, "mockbin", "/b")))
                .isInstanceOf(ConflictException.class)
                .hasMessage("The name 'mockbin' is taken by route " + first + " of version 'v.taken' of service"
                        + " 'example_service' in runtime group 'taken'. Take another, or change that one.");
        assertThat(revisions(group)).containsExactly(1L);
    }

    @Test
    void aVersionHasOneImplementation() {
        UUID group = Declared.group(database, "two-implementations");
        UUID version = version(database, service, group, "v.two");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));

        assertThatThrownBy(() -> put(writer, group, implementation(UUID.randomUUID(), version, "other")))
                .isInstanceOfAny(ConflictException.class, InvalidConfigurationException.class);
    }

    @Test
    void takenServiceAndVersionNamesAreRefusedNamingTheirOwner() {
        UUID group = defaultGroup(database);
        UUID version = version(database, service, group, "v.named");

        assertThatThrownBy(() -> await(writer.write(TestCaller.TESTER, transaction -> transaction
                        .connection()
                        .query("INSERT INTO service (id, name) VALUES (gen_random_uuid(), 'example_service')")
                        .execute())))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("The name 'example_service' is taken by service " + service);
        assertThatThrownBy(() -> await(writer.write(TestCaller.TESTER, transaction -> transaction
                        .connection()
                        .preparedQuery("INSERT INTO service_version (id, service_id, group_id, name)"
                                + " VALUES (gen_random_uuid(), $1, $2, 'v.named')")
                        .execute(Tuple.of(service, group)))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "The name 'v.named' is taken by version " + version + " of service 'example_service'");
    }

    @Test
    void aMoveMakesARevisionInBothGroups() {
        UUID from = Declared.group(database, "from");
        UUID to = Declared.group(database, "to");
        UUID version = version(database, service, from, "v.moved");
        UUID implementation = UUID.randomUUID();
        UUID route = UUID.randomUUID();
        put(writer, from, implementation(implementation, version, "echo"), route(route, version, "moved", "/moved"));

        Committed<String> moved = await(writer.write(TestCaller.TESTER, transaction -> transaction
                .lock(List.of(to, from))
                .compose(locked -> transaction
                        .connection()
                        .preparedQuery("UPDATE service_version SET group_id = $2 WHERE id = $1")
                        .execute(Tuple.of(version, to)))
                .map(updated -> {
                    for (StagedGroup.StagedEntity staged : List.of(
                            implementation(implementation, version, "echo"),
                            route(route, version, "moved", "/moved"))) {
                        transaction.remove(from, staged.entity().key());
                        transaction.put(to, staged.entity(), staged.facts());
                    }
                    return "moved";
                })));

        assertThat(moved.heads())
                .containsExactlyInAnyOrder(
                        new Head(from, "from", new Revision(1, 2)), new Head(to, "to", new Revision(1, 1)));
        assertThat(await(snapshots.head(from)).entities()).isEmpty();
        assertThat(await(snapshots.head(to)).entities()).hasSize(2);
        assertThat(await(snapshots.at(from, 1)).digest())
                .isEqualTo(await(snapshots.head(to)).digest());
    }

    @Test
    void aGroupThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> put(writer, UUID.randomUUID())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> await(snapshots.head(UUID.randomUUID()))).isInstanceOf(NotFoundException.class);
    }

    private static List<Long> revisions(UUID group) {
        return await(database.pool()
                .preparedQuery("SELECT number FROM revision WHERE group_id = $1 ORDER BY number")
                .execute(Tuple.of(group))
                .map(rows -> {
                    List<Long> numbers = new ArrayList<>();
                    rows.forEach(row -> numbers.add(row.getLong(0)));
                    return numbers;
                }));
    }

    private static long count(String sql) {
        return await(database.pool().query(sql).execute().map(rows -> rows.iterator()
                .next()
                .getLong(0)));
    }
}
