package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseStartTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.empty();

    @RegisterExtension
    static final PostgresExtension late = PostgresExtension.empty();

    private static final Vertx vertx = Vertx.vertx();

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void manyControlPlanesMayStartAtOnceOnAnEmptyDatabase() throws TimeoutException {
        List<Future<Database>> starts = Stream.generate(() -> Database.open(vertx, postgres.settings()))
                .limit(4)
                .toList();
        Future.join(starts).await(60, TimeUnit.SECONDS);

        Row group = starts.get(3)
                .result()
                .pool()
                .query("SELECT g.name, h.epoch, h.revision, h.digest FROM runtime_group g"
                        + " JOIN group_head h ON h.group_id = g.id")
                .execute()
                .map(rows -> {
                    assertThat(rows.size()).isEqualTo(1);
                    return rows.iterator().next();
                })
                .await(10, TimeUnit.SECONDS);
        assertThat(group.getString("name")).isEqualTo("default");
        assertThat(group.getLong("epoch"))
                .as("no epoch of an earlier database")
                .isCloseTo(System.currentTimeMillis(), within(600_000L));
        assertThat(group.getLong("revision")).isZero();
        assertThat(group.getString("digest"))
                .isEqualTo(Snapshot.empty("default").digest().hex());
    }

    @Test
    void itWaitsForPostgresToBeThere() throws TimeoutException {
        Link link = new Link(vertx, late.port());
        int port = freePort();
        Future<Database> opening = Database.open(vertx, PostgresExtension.settings(late.uriAt(port)));
        assertThatThrownBy(() -> opening.await(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        link.open(port).await(10, TimeUnit.SECONDS);

        assertThat(opening.await(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(link.accepted()).isPositive();
    }

    @Test
    void aRefusedPasswordFailsAtOnce() {
        ControlPlaneSettings settings =
                PostgresExtension.settings("postgresql://nobody:wrong@127.0.0.1:" + postgres.port() + "/nowhere");

        assertThatThrownBy(() -> Database.open(vertx, settings).await(20, TimeUnit.SECONDS))
                .isNotInstanceOf(TimeoutException.class);
    }

    private static int freePort() throws TimeoutException {
        Link probe = new Link(vertx, 1);
        int port = probe.open(0).await(10, TimeUnit.SECONDS);
        probe.close().await(10, TimeUnit.SECONDS);
        return port;
    }
}
