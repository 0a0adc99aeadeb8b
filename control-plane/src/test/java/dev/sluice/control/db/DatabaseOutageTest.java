package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.failure.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseOutageTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Vertx vertx = Vertx.vertx();
    private static final Limits SHORT = new Limits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(700),
            Duration.ofSeconds(2),
            Duration.ofMillis(1500),
            Duration.ofMillis(300));
    private static Link link;
    private static Database behindLink;
    private static Database direct;

    @BeforeAll
    static void open() throws TimeoutException {
        direct = postgres.open(vertx);
        link = new Link(vertx, postgres.port());
        int port = link.open(0).await(10, TimeUnit.SECONDS);
        behindLink = Database.open(vertx, PostgresExtension.settings(postgres.uriAt(port)), SHORT)
                .await(30, TimeUnit.SECONDS);
        await(direct.pool().query("CREATE TABLE note (text text)").execute());
    }

    @BeforeEach
    void answers() {
        link.silent(false);
        awaitAnswer();
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aStatementThatTakesTooLongIsEndedByTheServer() {
        assertThatThrownBy(() -> await(behindLink.read(
                        connection -> connection.query("SELECT pg_sleep(30)").execute())))
                .isInstanceOf(UnavailableException.class);
        assertThat(one()).isEqualTo(1);
    }

    @Test
    void aSilentDatabaseHangsNoRequestAndItsConnectionsAreReplaced() {
        await(Future.join(List.of(readOne(), readOne(), readOne())));

        link.silent(true);
        List<Future<Integer>> hung = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            hung.add(readOne());
        }
        for (Future<Integer> request : hung) {
            assertThatThrownBy(() -> request.await(10, TimeUnit.SECONDS)).isInstanceOf(UnavailableException.class);
        }

        link.silent(false);
        awaitAnswer();
    }

    @Test
    void aConnectionThatBreaksWithinATransactionRollsItBack() {
        assertThatThrownBy(() -> await(behindLink.transaction(connection -> connection
                        .query("INSERT INTO note VALUES ('broken')")
                        .execute()
                        .compose(inserted -> {
                            link.cut();
                            return connection.query("SELECT 1").execute();
                        }))))
                .isInstanceOf(UnavailableException.class);
        assertThat(notes("broken")).isZero();
        awaitAnswer();
    }

    @Test
    void aTransactionThatWasGivenUpIsNotCommittedLater() {
        Promise<Void> gate = Promise.promise();
        assertThatThrownBy(() -> await(behindLink.transaction(connection -> connection
                        .query("INSERT INTO note VALUES ('late')")
                        .execute()
                        .compose(inserted -> gate.future()))))
                .isInstanceOf(UnavailableException.class);

        gate.complete();

        await(direct.transaction(connection ->
                connection.query("LOCK TABLE note IN ACCESS EXCLUSIVE MODE").execute()));
        assertThat(notes("late")).isZero();
    }

    @Test
    void backendsThatAreTerminatedAreReplaced() {
        await(Future.join(List.of(readOne(), readOne(), readOne())));
        terminateBackends("sluice");
        awaitAnswer();
    }

    @Test
    void notificationsGoOnAfterTheBackendIsTerminatedAndAfterSilence() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        behindLink.listen("news", heard::add);
        behindLink.listen("other \"news\"", payload -> heard.add("other " + payload));
        notifyUntilHeard(heard, "news", "first", "first");
        notifyUntilHeard(heard, "other \"news\"", "first", "other first");

        terminateBackends("sluice-listen");
        notifyUntilHeard(heard, "news", "second", "second");
        notifyUntilHeard(heard, "other \"news\"", "second", "other second");

        int before = link.accepted();
        link.silent(true);
        awaitCondition(() -> link.accepted() > before);
        link.silent(false);
        notifyUntilHeard(heard, "news", "third", "third");
    }

    @Test
    void aDeadlockRunsTheLoserAgain() {
        await(direct.pool()
                .query("CREATE TABLE pair (id int PRIMARY KEY, n int); INSERT INTO pair VALUES (1, 0), (2, 0)")
                .execute());
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger holders = new AtomicInteger();
        Promise<Void> bothHoldOne = Promise.promise();

        Future<Void> one = direct.transaction(connection -> crossing(connection, 1, 2, runs, holders, bothHoldOne));
        Future<Void> two = direct.transaction(connection -> crossing(connection, 2, 1, runs, holders, bothHoldOne));
        await(Future.join(one, two));

        assertThat(runs).as("the two, and the loser again").hasValueGreaterThanOrEqualTo(3);
        long sum =
                await(direct.pool().query("SELECT sum(n) FROM pair").execute().map(rows -> rows.iterator()
                        .next()
                        .getLong(0)));
        assertThat(sum).isEqualTo(4);
    }

    private static Future<Void> crossing(
            SqlConnection connection,
            int first,
            int second,
            AtomicInteger runs,
            AtomicInteger holders,
            Promise<Void> bothHoldOne) {
        runs.incrementAndGet();
        String sql = "UPDATE pair SET n = n + 1 WHERE id = $1";
        return connection
                .preparedQuery(sql)
                .execute(Tuple.of(first))
                .compose(held -> {
                    if (holders.incrementAndGet() == 2) {
                        bothHoldOne.complete();
                    }
                    return bothHoldOne.future();
                })
                .compose(held -> connection.preparedQuery(sql).execute(Tuple.of(second)))
                .mapEmpty();
    }

    private static void notifyUntilHeard(BlockingQueue<String> heard, String channel, String payload, String expected)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String last = null;
        while (System.nanoTime() < end) {
            await(direct.pool().preparedQuery("SELECT pg_notify($1, $2)").execute(Tuple.of(channel, payload)));
            last = heard.poll(200, TimeUnit.MILLISECONDS);
            if (expected.equals(last)) {
                return;
            }
        }
        throw new AssertionError("Not heard: " + expected + ", the last was " + last);
    }

    private static void terminateBackends(String applicationName) {
        await(direct.pool()
                .preparedQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()")
                .execute(Tuple.of(applicationName)));
    }

    private static void awaitAnswer() {
        awaitCondition(() -> {
            try {
                return one() == 1;
            } catch (UnavailableException e) {
                return false;
            }
        });
    }

    private static void awaitCondition(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not so within 20 s").isLessThan(end);
            await(vertx.timer(50, TimeUnit.MILLISECONDS));
        }
    }

    private static int one() {
        return await(readOne());
    }

    private static Future<Integer> readOne() {
        return behindLink.read(
                connection -> connection.query("SELECT 1").execute().map(rows -> rows.iterator()
                        .next()
                        .getInteger(0)));
    }

    private static long notes(String text) {
        return await(direct.pool()
                .preparedQuery("SELECT count(*) FROM note WHERE text = $1")
                .execute(Tuple.of(text))
                .map(rows -> rows.iterator().next().getLong(0)));
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }
}
