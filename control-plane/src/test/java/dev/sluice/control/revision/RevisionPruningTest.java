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
import dev.sluice.control.failure.NotFoundException;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevisionPruningTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static Database database;
    private static Snapshots snapshots;
    private static ConfigWriter writer;
    private static RevisionPruning pruning;

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        snapshots = new Snapshots(vertx, database);
        writer = new ConfigWriter(vertx, database, snapshots, Declared.anyAddress(vertx), heads -> {});
        pruning = new RevisionPruning(vertx, database);
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void oldRevisionsGoAndTheFirstThatIsKeptIsWhole() {
        UUID group = Declared.group(database, "old");
        UUID version = version(database, service(database, "old"), group, "v.1");
        UUID route = UUID.randomUUID();
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"), route(route, version, "r", "/1"));
        for (int i = 2; i <= 5; i++) {
            put(writer, group, route(route, version, "r", "/" + i));
        }
        Snapshots stale = new Snapshots(vertx, database);
        assertThat(await(stale.head(group)).revision().number()).isEqualTo(5);
        String third = await(snapshots.at(group, 3)).digest().hex();
        age(group, 2);

        assertThat(await(pruning.prune())).isTrue();

        assertThatThrownBy(() -> await(snapshots.at(group, 2)))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("Runtime group 'old' has no revision 2; kept are 3 to 5.");
        assertThatThrownBy(() -> await(snapshots.at(group, 0))).isInstanceOf(NotFoundException.class);
        assertThat(await(snapshots.at(group, 3)).digest().hex()).isEqualTo(third);
        List<EntityChange> changes =
                await(database.read(connection -> new RevisionStore(vertx).changes(connection, group, 3)));
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).before())
                .as("what the first kept one replaced")
                .isNotNull();
        assertThat(count("SELECT count(*) FROM config_entity WHERE group_id = $1 AND valid_to <= 2", group))
                .isZero();
        put(writer, group, route(route, version, "r", "/6"));
        assertThat(await(stale.head(group)).digest())
                .isEqualTo(await(new Snapshots(vertx, database).head(group)).digest());
    }

    @Test
    void theHeadStaysHoweverOld() {
        UUID group = Declared.group(database, "ancient");
        UUID version = version(database, service(database, "ancient"), group, "v.1");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));
        put(writer, group, route(UUID.randomUUID(), version, "r", "/1"));
        age(group, 2);

        await(pruning.prune());

        assertThat(await(snapshots.at(group, 2)).entities()).hasSize(2);
        assertThat(await(new Snapshots(vertx, database).head(group)).entities()).hasSize(2);
        assertThatThrownBy(() -> await(snapshots.at(group, 1))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aThousandRevisionsBackAreKept() {
        UUID group = Declared.group(database, "many");
        UUID version = version(database, service(database, "many"), group, "v.1");
        put(writer, group, implementation(UUID.randomUUID(), version, "echo"));
        await(database.pool()
                .preparedQuery("INSERT INTO revision (group_id, number, epoch, digest, author, summary)"
                        + " SELECT group_id, n, epoch, digest, author, summary FROM revision,"
                        + " generate_series(2, 1005) n WHERE group_id = $1")
                .execute(Tuple.of(group)));
        await(database.pool()
                .preparedQuery("UPDATE group_head SET revision = 1005 WHERE group_id = $1")
                .execute(Tuple.of(group)));

        await(pruning.prune());

        assertThat(count("SELECT min(number) FROM revision WHERE group_id = $1", group))
                .isEqualTo(5);
        assertThat(count("SELECT count(*) FROM revision WHERE group_id = $1", group))
                .isEqualTo(1001);
    }

    @Test
    void tombstonesAreForgottenOnceNoKeptRevisionRefersToThem() {
        UUID group = Declared.group(database, "tombstones");
        UUID service = service(database, "tombstones");
        UUID version = version(database, service, group, "v.1");
        UUID implementation = UUID.randomUUID();
        put(writer, group, implementation(implementation, version, "echo"));
        remove(writer, group, Declared.implementationKey(implementation));
        execute("UPDATE service_version SET deleted_at = now() WHERE id = $1", version);
        execute("UPDATE service SET deleted_at = now() WHERE id = $1", service);

        await(pruning.prune());
        assertThat(count("SELECT count(*) FROM service_version WHERE id = $1", version))
                .as("revision 1 can still be restored")
                .isEqualTo(1);

        UUID other = version(database, service(database, "another"), group, "v.1");
        put(writer, group, implementation(UUID.randomUUID(), other, "echo"));
        put(writer, group, route(UUID.randomUUID(), other, "r", "/r"));
        age(group, 3);
        await(pruning.prune());
        assertThat(count("SELECT count(*) FROM service_version WHERE id = $1", version))
                .isZero();
        assertThat(count("SELECT count(*) FROM service WHERE id = $1", service)).isZero();
        assertThat(count("SELECT count(*) FROM service_version WHERE id = $1", other))
                .isEqualTo(1);
    }

    @Test
    void oneControlPlanePrunesAtATime() {
        boolean pruned = await(database.transaction(connection -> connection
                .preparedQuery("SELECT pg_advisory_xact_lock($1)")
                .execute(Tuple.of(RevisionPruning.LOCK))
                .compose(held -> pruning.prune())));
        assertThat(pruned).isFalse();
        assertThat(await(pruning.prune())).isTrue();
    }

    /** Makes a group's revisions up to this number older than they may be. */
    private static void age(UUID group, long upTo) {
        await(database.pool()
                .preparedQuery("UPDATE revision SET created_at = now() - interval '91 days'"
                        + " WHERE group_id = $1 AND number <= $2")
                .execute(Tuple.of(group, upTo)));
    }

    private static void execute(String sql, UUID id) {
        await(database.pool().preparedQuery(sql).execute(Tuple.of(id)));
    }

    private static long count(String sql, UUID id) {
        return await(database.pool().preparedQuery(sql).execute(Tuple.of(id)).map(rows -> rows.iterator()
                .next()
                .getLong(0)));
    }
}
