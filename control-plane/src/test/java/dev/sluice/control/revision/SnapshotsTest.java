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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.access.TestCaller;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class SnapshotsTest {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotsTest.class);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static Database database;
    private static Database otherDatabase;
    private static Snapshots snapshots;
    private static Snapshots otherSnapshots;
    private static ConfigWriter writer;
    private static ConfigWriter otherWriter;
    private static UUID service;

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        otherDatabase = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        otherSnapshots = new Snapshots(vertx, otherDatabase);
        writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), heads -> {});
        otherWriter = new ConfigWriter(vertx, otherDatabase, otherSnapshots, Declared.anyAddress(vertx), heads -> {});
        service = service(database, "example_service");
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void whatIsKeptEqualsAColdReadAfterAnyOperations() {
        Random random = new Random(20_26);
        UUID group = Declared.group(database, "random");
        UUID version = version(database, service, group, "v.random");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ids.add(UUID.randomUUID());
        }

        for (int step = 0; step < 150; step++) {
            ConfigWriter one = random.nextBoolean() ? writer : otherWriter;
            UUID id = ids.get(random.nextInt(ids.size()));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> remove(one, group, routeKey(id), routeKey(ids.get(random.nextInt(ids.size()))));
                case 3 -> fail(one, group, route(id, version, "r-" + id, "/failed"));
                case 4 -> database("UPDATE group_head SET epoch = epoch + 1 WHERE group_id = $1", group);
                default -> put(one, group, route(id, version, "r-" + id, "/" + random.nextInt(4)));
            }
            if (random.nextInt(3) == 0) {
                assertKeptIsCold(snapshots, group);
                assertKeptIsCold(otherSnapshots, group);
            }
        }
        assertKeptIsCold(snapshots, group);
        assertKeptIsCold(otherSnapshots, group);
    }

    @Test
    void anUnchangedHeadIsTheSameObject() {
        UUID group = Declared.group(database, "same");
        UUID version = version(database, service, group, "v.same");
        UUID implementation = UUID.randomUUID();
        put(writer, group, implementation(implementation, version, "echo"));

        Snapshot first = await(snapshots.head(group));
        assertThat(await(snapshots.head(group))).isSameAs(first);
        assertThat(await(snapshots.headTable(group))).isSameAs(await(snapshots.headTable(group)));

        put(otherWriter, group, route(UUID.randomUUID(), version, "same", "/same"));
        Snapshot second = await(snapshots.head(group));
        assertThat(second.find(Declared.implementationKey(implementation)))
                .as("what did not change is not read again")
                .isSameAs(first.entities().get(0));
        assertThat(await(snapshots.headTable(group)).routeCount()).isEqualTo(1);
    }

    @Test
    void aRestoredDatabaseIsReadAnew() {
        UUID group = Declared.group(database, "restored");
        UUID version = version(database, service, group, "v.restored");
        UUID kept = UUID.randomUUID();
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"), route(kept, version, "kept", "/kept"));
        String digest = await(snapshots.head(group)).digest().hex();
        UUID lost = UUID.randomUUID();
        put(writer, group, route(lost, version, "lost", "/lost"));
        assertThat(await(snapshots.head(group)).entities()).hasSize(3);

        database("DELETE FROM config_entity WHERE group_id = $1 AND valid_from = 2", group);
        database("DELETE FROM revision WHERE group_id = $1 AND number = 2", group);
        database("UPDATE group_head SET revision = 1, digest = '" + digest + "' WHERE group_id = $1", group);
        assertKeptIsCold(snapshots, group);

        put(otherWriter, group, route(kept, version, "kept", "/other"));
        assertKeptIsCold(snapshots, group);
        assertThat(await(snapshots.head(group)).revision()).isEqualTo(new Revision(1, 2));
    }

    @Test
    void aRenamedGroupHasItsNewName() {
        UUID group = Declared.group(database, "before");
        assertThat(await(snapshots.head(group)).group()).isEqualTo("before");

        database("UPDATE runtime_group SET name = 'after' WHERE id = $1", group);

        assertThat(await(snapshots.head(group)).group()).isEqualTo("after");
    }

    @Test
    void aDeletedGroupIsNotFound() {
        UUID group = Declared.group(database, "deleted");
        assertThat(await(snapshots.head(group)).entities()).isEmpty();

        database("DELETE FROM runtime_group WHERE id = $1", group);

        assertThatThrownBy(() -> await(snapshots.head(group))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anUnknownRevisionIsNotFoundAndTheAnswerSaysWhichThereAre() {
        UUID group = Declared.group(database, "numbers");
        UUID version = version(database, service, group, "v.numbers");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));
        put(writer, group, route(UUID.randomUUID(), version, "numbers", "/numbers"));

        assertThat(await(snapshots.at(group, 0)).entities()).isEmpty();
        assertThat(await(snapshots.at(group, 1)).entities()).hasSize(1);
        assertThatThrownBy(() -> await(snapshots.at(group, 3)))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("Runtime group 'numbers' has no revision 3; kept are 1 to 2.");
    }

    @Test
    void aLargeGroupIsWrittenAndReadBack() {
        UUID group = Declared.group(database, "large");
        UUID version = version(database, service, group, "v.large");
        int routes = 10_000;
        StagedGroup.StagedEntity[] all = new StagedGroup.StagedEntity[routes + 1];
        all[0] = implementation(UUID.randomUUID(), version, "echo");
        for (int i = 1; i <= routes; i++) {
            all[i] = route(UUID.randomUUID(), version, "large-" + i, "/large/" + i);
        }
        long start = System.nanoTime();
        put(writer, group, all);
        LOG.info("{} routes in one write: {} ms", routes, millisSince(start));

        for (int i = 0; i < 5; i++) {
            start = System.nanoTime();
            put(writer, group, route(UUID.randomUUID(), version, "one-more-" + i, "/one-more/" + i));
            LOG.info("One write to a group of {} routes: {} ms", routes, millisSince(start));
        }
        start = System.nanoTime();
        assertThat(await(otherSnapshots.head(group)).entities()).hasSize(routes + 6);
        LOG.info("A cold read of it: {} ms", millisSince(start));
        put(writer, group, route(UUID.randomUUID(), version, "last", "/last"));
        start = System.nanoTime();
        assertThat(await(otherSnapshots.head(group)).entities()).hasSize(routes + 7);
        LOG.info("Catching up by one: {} ms", millisSince(start));
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static void assertKeptIsCold(Snapshots kept, UUID group) {
        Snapshot cold = await(new Snapshots(vertx, database).head(group));
        Snapshot warm = await(kept.head(group));
        assertThat(SnapshotFormat.write(warm)).isEqualTo(SnapshotFormat.write(cold));
        assertThat(await(kept.headTable(group)).routeCount()).isEqualTo((int) cold.entities().stream()
                .map(Entity::kind)
                .filter(EntityKinds.ROUTE::equals)
                .count());
    }

    private static void fail(ConfigWriter writer, UUID group, StagedGroup.StagedEntity staged) {
        assertThatThrownBy(() -> await(writer.write(
                        TestCaller.TESTER,
                        transaction -> transaction.lock(List.of(group)).compose(locked -> {
                            transaction.put(group, staged.entity(), staged.facts());
                            return transaction
                                    .connection()
                                    .query("SELECT 1 / 0")
                                    .execute();
                        }))))
                .hasMessageContaining("division by zero");
    }

    private static void database(String sql, UUID group) {
        await(database.pool().preparedQuery(sql).execute(Tuple.of(group)));
    }
}
