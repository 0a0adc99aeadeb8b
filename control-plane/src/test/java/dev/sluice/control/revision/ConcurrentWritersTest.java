package dev.sluice.control.revision;

import static dev.sluice.control.revision.Declared.await;
import static dev.sluice.control.revision.Declared.implementation;
import static dev.sluice.control.revision.Declared.put;
import static dev.sluice.control.revision.Declared.route;
import static dev.sluice.control.revision.Declared.service;
import static dev.sluice.control.revision.Declared.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.failure.StaleEntityException;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConcurrentWritersTest {
    private static final int WRITERS = 50;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final List<Head> heard = Collections.synchronizedList(new ArrayList<>());
    private static final List<ConfigWriter> writers = new ArrayList<>();
    private static final List<Snapshots> caches = new ArrayList<>();
    private static Database database;
    private static UUID service;

    @BeforeAll
    static void openTwoControlPlanes() {
        database = postgres.open(vertx);
        for (Database each : List.of(database, postgres.open(vertx))) {
            Snapshots snapshots = new Snapshots(vertx, each);
            caches.add(snapshots);
            writers.add(new ConfigWriter(vertx, each, snapshots, Declared.anyAddress(vertx), heard::addAll));
        }
        service = service(database, "example_service");
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void revisionsHaveNoGapsAndEveryWriterSeesItsOwn() {
        UUID group = Declared.group(database, "gapless");
        UUID version = version(database, service, group, "v.gapless");
        put(writers.get(0), group, implementation(UUID.randomUUID(), version, "echo"));
        heard.clear();

        List<Future<Committed<Void>>> writes = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            StagedGroup.StagedEntity staged = route(UUID.randomUUID(), version, "route-" + i, "/route-" + i);
            writes.add(writers.get(i % 2).write("tester", transaction -> transaction
                    .lock(List.of(group))
                    .map(locked -> {
                        transaction.put(group, staged.entity(), staged.facts());
                        return null;
                    })));
        }
        await(Future.join(writes));

        List<Long> expected = LongStream.rangeClosed(2, WRITERS + 1).boxed().toList();
        assertThat(writes.stream().map(write -> number(write.result()))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(heard.stream().map(head -> head.revision().number())).containsExactlyInAnyOrderElementsOf(expected);
        for (Snapshots cache : caches) {
            assertThat(await(cache.head(group)).entities()).hasSize(WRITERS + 1);
        }
        for (long number : expected) {
            Snapshot then = await(caches.get(0).at(group, number));
            assertThat(then.entities()).hasSize((int) number);
            assertThat(then.digest().hex()).isEqualTo(digest(group, number));
        }
    }

    @Test
    void ofManyThatReadTheSameStateOneWins() {
        UUID group = Declared.group(database, "if-match");
        UUID version = version(database, service, group, "v.if-match");
        UUID route = UUID.randomUUID();
        put(
                writers.get(0),
                group,
                implementation(UUID.randomUUID(), version, "echo"),
                route(route, version, "raced", "/0"));
        EntityStore store = new EntityStore();
        String read = etag(store, route);

        List<Future<Committed<Void>>> writes = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            StagedGroup.StagedEntity mine = route(route, version, "raced", "/" + i);
            writes.add(writers.get(i % 2).write("tester", transaction -> transaction
                    .lock(List.of(group))
                    .compose(locked -> store.find(transaction.connection(), EntityKinds.ROUTE, route))
                    .map(current -> {
                        if (current == null || !current.etag().equals(read)) {
                            throw new StaleEntityException("changed");
                        }
                        transaction.put(group, mine.entity(), mine.facts());
                        return null;
                    })));
        }
        Future.join(writes).otherwiseEmpty().await();

        assertThat(writes.stream().filter(Future::succeeded)).hasSize(1);
        assertThat(writes.stream().filter(Future::failed).map(Future::cause))
                .hasSize(19)
                .allMatch(StaleEntityException.class::isInstance);
        assertThat(await(caches.get(1).head(group)).revision().number()).isEqualTo(2);
    }

    @Test
    void movesInBothDirectionsDoNotDeadlock() {
        UUID left = Declared.group(database, "left");
        UUID right = Declared.group(database, "right");
        List<Future<Committed<Void>>> moves = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean toRight = i % 2 == 0;
            UUID from = toRight ? left : right;
            UUID to = toRight ? right : left;
            UUID version = version(database, service, from, "v.move-" + i);
            StagedGroup.StagedEntity staged = implementation(UUID.randomUUID(), version, "echo");
            put(writers.get(0), from, staged);
            moves.add(writers.get(i % 2).write("tester", transaction -> transaction
                    .lock(List.of(from, to))
                    .map(locked -> {
                        transaction.remove(from, staged.entity().key());
                        transaction.put(to, staged.entity(), staged.facts());
                        return null;
                    })));
        }
        await(Future.join(moves));

        assertThat(await(caches.get(0).head(left)).entities()).hasSize(10);
        assertThat(await(caches.get(1).head(right)).entities()).hasSize(10);
        assertThat(await(caches.get(0).head(left)).revision().number()).isEqualTo(30);
    }

    private static long number(Committed<Void> committed) {
        return committed.heads().get(0).revision().number();
    }

    private static String etag(EntityStore store, UUID route) {
        StoredEntity stored = await(database.read(connection -> store.find(connection, EntityKinds.ROUTE, route)));
        return stored == null ? "" : stored.etag();
    }

    private static String digest(UUID group, long number) {
        return await(database.pool()
                .preparedQuery("SELECT digest FROM revision WHERE group_id = $1 AND number = $2")
                .execute(Tuple.of(group, number))
                .map(rows -> rows.iterator().next().getString(0)));
    }
}
