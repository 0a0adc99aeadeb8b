package dev.sluice.control.revision;

import static dev.sluice.control.revision.Declared.await;
import static dev.sluice.control.revision.Declared.implementation;
import static dev.sluice.control.revision.Declared.put;
import static dev.sluice.control.revision.Declared.remove;
import static dev.sluice.control.revision.Declared.route;
import static dev.sluice.control.revision.Declared.service;
import static dev.sluice.control.revision.Declared.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.model.snapshot.EntityKinds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RestoreTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static Database database;
    private static Snapshots snapshots;
    private static ConfigWriter writer;
    private static Restore restore;
    private static int count;

    private String name = "";
    private UUID group = UUID.randomUUID();
    private UUID service = UUID.randomUUID();
    private UUID version = UUID.randomUUID();
    private UUID implementation = UUID.randomUUID();
    private UUID route = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), heads -> {});
        restore = new Restore(writer, new RevisionStore(vertx));
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @BeforeEach
    void declare() {
        name = "shop-" + ++count;
        group = Declared.group(database, name);
        service = service(database, name);
        version = version(database, service, group, "v.1");
        put(
                writer,
                group,
                implementation(implementation, version, "echo"),
                route(route, version, "mockbin", "/mock", "public"));
    }

    @Test
    void aDeletedServiceComesBackWithAllItHeldByItsIds() {
        String before = await(snapshots.head(group)).digest().hex();
        delete();
        assertThat(await(snapshots.head(group)).entities()).isEmpty();

        Committed<Long> restored = await(restore.run("operator", group, 1));

        assertThat(restored.heads().get(0).revision().number()).isEqualTo(3);
        assertThat(await(snapshots.head(group)).digest().hex()).isEqualTo(before);
        assertThat(alive("service", service)).isTrue();
        assertThat(alive("service_version", version)).isTrue();
        StoredEntity stored = Objects.requireNonNull(await(database.read(
                connection -> new EntityStore().findByName(connection, EntityKinds.ROUTE, group, version, "mockbin"))));
        assertThat(stored.entity().id()).isEqualTo(route);
        assertThat(stored.revision()).isEqualTo(3);
        Row row = await(database.pool()
                .preparedQuery("SELECT author, summary, restored_from FROM revision WHERE group_id = $1 AND number = 3")
                .execute(Tuple.of(group))
                .map(rows -> rows.iterator().next()));
        assertThat(row.getString("author")).isEqualTo("operator");
        assertThat(row.getString("summary")).isEqualTo("restore revision 1");
        assertThat(row.getLong("restored_from")).isEqualTo(1);
    }

    @Test
    void whatWasAddedSinceGoes() {
        put(
                writer,
                group,
                route(UUID.randomUUID(), version, "later", "/later"),
                route(route, version, "mockbin", "/x"));

        await(restore.run("operator", group, 1));

        assertThat(await(snapshots.head(group)).digest())
                .isEqualTo(await(snapshots.at(group, 1)).digest());
    }

    @Test
    void theHeadsOwnContentMakesNoRevision() {
        put(writer, group, route(route, version, "mockbin", "/other"));
        put(writer, group, route(route, version, "mockbin", "/mock", "public"));

        assertThat(await(restore.run("operator", group, 3))
                        .heads()
                        .get(0)
                        .revision()
                        .number())
                .isEqualTo(3);
        assertThat(await(restore.run("operator", group, 1))
                        .heads()
                        .get(0)
                        .revision()
                        .number())
                .isEqualTo(3);
    }

    @Test
    void theBeginningCanBeRestored() {
        await(restore.run("operator", group, 0));

        assertThat(await(snapshots.head(group)).entities()).isEmpty();
        assertThat(alive("service_version", version)).isTrue();
    }

    @Test
    void itWaitsForVersionsWithoutHoldingTheHead() {
        SqlConnection other = await(database.pool().getConnection());
        Transaction transaction = await(other.begin());
        await(other.preparedQuery("SELECT id FROM service_version WHERE id = $1 FOR UPDATE")
                .execute(Tuple.of(version)));
        Future<Committed<Long>> restoring =
                restore.run("operator", group, 0).compose(empty -> restore.run("operator", group, 1));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (waiting() == 0) {
            assertThat(System.nanoTime()).as("the restore waits").isLessThan(end);
            await(vertx.timer(20, TimeUnit.MILLISECONDS));
        }

        await(other.preparedQuery("SELECT group_id FROM group_head WHERE group_id = $1 FOR UPDATE NOWAIT")
                .execute(Tuple.of(group)));
        await(transaction.commit());
        await(other.close());

        assertThat(await(restoring).heads().get(0).revision().number()).isEqualTo(3);
    }

    private static long waiting() {
        return await(database.pool()
                .query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0)));
    }

    @Test
    void nothingIsTakenOutOfAnotherGroup() {
        UUID other = Declared.group(database, name + "-other");
        await(writer.write("tester", transaction -> transaction
                .lock(List.of(group, other))
                .compose(locked -> transaction
                        .connection()
                        .preparedQuery("UPDATE service_version SET group_id = $2 WHERE id = $1")
                        .execute(Tuple.of(version, other)))
                .map(moved -> {
                    for (StagedGroup.StagedEntity staged : List.of(
                            implementation(implementation, version, "echo"),
                            route(route, version, "mockbin", "/mock", "public"))) {
                        transaction.remove(group, staged.entity().key());
                        transaction.put(other, staged.entity(), staged.facts());
                    }
                    return group;
                })));

        assertThatThrownBy(() -> await(restore.run("operator", group, 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "Version 'v.1' of service '" + name + "' is in runtime group '" + name + "-other' now");
        assertThat(await(snapshots.head(other)).entities()).hasSize(2);
    }

    @Test
    void aServiceWhoseNameWasTakenIsRefusedNamingBoth() {
        delete();
        UUID taker = service(database, name);

        assertThatThrownBy(() -> await(restore.run("operator", group, 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(service.toString())
                .hasMessageContaining(taker.toString());
        assertThat(alive("service_version", version)).isFalse();
    }

    @Test
    void aVersionWhoseNameWasTakenIsRefusedNamingBoth() {
        deleteVersion();
        UUID taker = version(database, service, group, "v.1");

        assertThatThrownBy(() -> await(restore.run("operator", group, 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(version.toString())
                .hasMessageContaining(taker.toString());
    }

    @Test
    void aRouteNameThatWasTakenWithinTheGroupGoesBackToItsOldOwner() {
        remove(writer, group, Declared.routeKey(route));
        put(writer, group, route(UUID.randomUUID(), version, "mockbin", "/taker"));

        await(restore.run("operator", group, 1));

        assertThat(await(snapshots.head(group)).find(Declared.routeKey(route))).isNotNull();
    }

    @Test
    void aVersionThatMovedAndWasDeletedThereComesBackHere() {
        UUID other = Declared.group(database, name + "-moved");
        deleteVersion();
        await(database.pool()
                .preparedQuery("UPDATE service_version SET group_id = $2 WHERE id = $1")
                .execute(Tuple.of(version, other)));
        await(database.pool()
                .preparedQuery("DELETE FROM runtime_group WHERE id = $1")
                .execute(Tuple.of(other)));

        await(restore.run("operator", group, 1));

        UUID now = await(database.pool()
                .preparedQuery("SELECT group_id FROM service_version WHERE id = $1")
                .execute(Tuple.of(version))
                .map(rows -> rows.iterator().next().getUUID(0)));
        assertThat(now).isEqualTo(group);
    }

    @Test
    void anUnknownRevisionIsNotFound() {
        assertThatThrownBy(() -> await(restore.run("operator", group, 7)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("kept are 1 to 1");
    }

    private void delete() {
        deleteVersion();
        await(database.pool()
                .preparedQuery("UPDATE service SET deleted_at = now() WHERE id = $1")
                .execute(Tuple.of(service)));
    }

    private void deleteVersion() {
        await(writer.write("tester", transaction -> transaction
                .lock(List.of(group))
                .compose(locked -> transaction
                        .connection()
                        .preparedQuery("UPDATE service_version SET deleted_at = now() WHERE id = $1")
                        .execute(Tuple.of(version)))
                .map(deleted -> {
                    transaction.remove(group, Declared.implementationKey(implementation));
                    transaction.remove(group, Declared.routeKey(route));
                    return group;
                })));
    }

    private static boolean alive(String table, UUID id) {
        return await(database.pool()
                .preparedQuery("SELECT deleted_at IS NULL FROM " + table + " WHERE id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getBoolean(0)));
    }
}
