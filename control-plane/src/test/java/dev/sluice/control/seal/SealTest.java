package dev.sluice.control.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Secrets in a real database: sealed, sealed anew under another key, and closed to everybody else. */
@SuppressWarnings("NullAway.Init") // BeforeAll sets it
class SealTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final SealedColumn COLUMN = new SealedColumn("safe", "id", "sealed", "safe");
    private static Database database;

    private final SealingKey old = SealingKey.random();
    private final SealingKey next = SealingKey.random();

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        run("CREATE TABLE safe (id uuid PRIMARY KEY, sealed text)");
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void whatAFormerKeySealedIsSealedAnew() {
        List<UUID> ids = put(only(old), "one", "two");
        run("INSERT INTO safe VALUES (gen_random_uuid(), NULL)");
        SealingKeys both = new SealingKeys(next, List.of(old));

        assertThat(await(reseal(both))).isEqualTo(2);

        for (int i = 0; i < 2; i++) {
            assertThat(opened(only(next), ids.get(i))).isEqualTo(i == 0 ? "one" : "two");
        }
        assertThat(await(reseal(both))).isZero();
        assertThat(await(reseal(only(next)))).isZero();
    }

    @Test
    void severalControlPlanesMaySealAnewAtOnce() {
        List<UUID> ids = put(only(old), "shared");
        SealingKeys both = new SealingKeys(next, List.of(old));

        assertThat(await(Future.all(List.of(reseal(both), reseal(both), reseal(both)))))
                .isNotNull();

        assertThat(opened(only(next), ids.get(0))).isEqualTo("shared");
    }

    @Test
    void aKeyThatDoesNotOpenWhatIsThereIsRefusedAndNothingChanged() {
        List<UUID> ids = put(only(old), "precious");

        assertThatThrownBy(() -> await(reseal(only(next))))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("SLUICE_SECRET_KEY does not open the secrets in the database")
                .hasMessageContaining(old.id())
                .hasMessageContaining("SLUICE_FORMER_SECRET_KEYS");
        assertThat(opened(only(old), ids.get(0))).isEqualTo("precious");
    }

    @Test
    void aGroupGetsOneContentKeyHoweverManyAskForTheFirst() {
        UUID group = group();
        List<Future<SealingKeys>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asked.add(new ContentKeys(database, only(old)).of(group));
        }

        Set<String> ids = new HashSet<>();
        asked.forEach(keys -> ids.addAll(await(keys).ids()));

        assertThat(ids).hasSize(1);
        assertThat(await(new ContentKeys(database, only(old)).present(database.pool(), group)))
                .singleElement()
                .satisfies(key -> assertThat(ids).containsExactly(key.id()));
    }

    @Test
    void contentKeysAreSealedAndDifferByGroup() {
        ContentKeys keys = new ContentKeys(database, only(old));
        SealingKey one = await(keys.of(group())).current();
        SealingKey other = await(keys.of(group())).current();

        assertThat(one.id()).isNotEqualTo(other.id());
        String sealed = await(database.pool()
                .preparedQuery("SELECT sealed_key FROM content_key WHERE id = $1")
                .execute(Tuple.of(one.id()))
                .map(rows -> rows.iterator().next().getString(0)));
        assertThat(SealingKey.keyId(sealed)).isEqualTo(old.id());
        assertThat(only(old).open(ContentKeys.COLUMN.context(one.id()), sealed)).isEqualTo(one.bytes());
    }

    @Test
    void aGroupThatIsNotThereGetsNone() {
        assertThatThrownBy(() -> await(new ContentKeys(database, only(old)).of(UUID.randomUUID())))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void aContentKeyOfATransactionThatFailsIsNotKept() {
        UUID group = group();
        ContentKeys keys = new ContentKeys(database, only(old));
        assertThatThrownBy(() -> await(database.transaction(connection -> keys.of(connection, group)
                        .compose(made -> Future.failedFuture(new IllegalStateException("undone"))))))
                .hasMessage("undone");

        SealingKey key = await(keys.of(group)).current();

        assertThat(await(keys.present(database.pool(), group))).singleElement().satisfies(kept -> assertThat(kept.id())
                .isEqualTo(key.id()));
    }

    private static SealingKeys only(SealingKey key) {
        return new SealingKeys(key, List.of());
    }

    private static Future<Integer> reseal(SealingKeys keys) {
        return new Reseal(database, keys, List.of(COLUMN)).run();
    }

    private static List<UUID> put(SealingKeys keys, String... secrets) {
        run("DELETE FROM safe");
        List<UUID> ids = new ArrayList<>();
        for (String secret : secrets) {
            UUID id = UUID.randomUUID();
            String sealed = keys.seal(COLUMN.context(id.toString()), secret.getBytes(StandardCharsets.UTF_8));
            run("INSERT INTO safe VALUES ('" + id + "', '" + sealed + "')");
            ids.add(id);
        }
        return ids;
    }

    private static String opened(SealingKeys keys, UUID id) {
        String sealed = await(database.pool()
                .preparedQuery("SELECT sealed FROM safe WHERE id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getString(0)));
        return new String(keys.open(COLUMN.context(id.toString()), sealed), StandardCharsets.UTF_8);
    }

    private static UUID group() {
        UUID id = UUID.randomUUID();
        run("INSERT INTO runtime_group (id, name) VALUES ('" + id + "', '" + id + "-group')");
        return id;
    }

    private static void run(String sql) {
        assertThat(await(database.pool().query(sql).execute())).isNotNull();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }
}
