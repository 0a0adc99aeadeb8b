package dev.sluice.control.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logging in, what the cookie is worth, and what ends it. */
class SessionsTest {
    private static final String PASSWORD = "a long pass phrase";

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient admin = controlPlane.client();
    private final ApiClient browser = controlPlane.client(null);

    /** A session's cookie and what goes with it. */
    private record Session(String cookie, String csrf) {}

    @BeforeEach
    void nobodyHasToWait() throws TimeoutException {
        sql("DELETE FROM login_attempt");
    }

    @Test
    void aLoginTellsWhoOneIsAndSetsACookieThatNoScriptReads() {
        user("anna", "[{'role': 'viewer'}, {'role': 'developer', 'runtime_group': 'default'}]");
        Reply reply = browser.post("/v1/session", login("anna", PASSWORD)).expect(201);
        assertThat(reply.header("Set-Cookie"))
                .matches("sluice_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
        assertThat(reply.text("/who/kind")).isEqualTo("user");
        assertThat(reply.text("/who/name")).isEqualTo("anna");
        assertThat(reply.text("/grants/1/runtime_group")).isEqualTo("default");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        Session session = session(reply);
        Reply again = browser.get("/v1/session", "Cookie", session.cookie).expect(200);
        assertThat(again.body()).isEqualTo(reply.body());
        browser.get("/v1/services", "Cookie", session.cookie).expect(200);
        browser.get("/v1/users", "Cookie", session.cookie).expect(403);
        browser.get("/v1/session").expect(401);
        assertThat(admin.get("/v1/session").expect(200).text("/who/kind")).isEqualTo("setting");
        assertThat(admin.get("/v1/session").body().path("csrf_token").isNull()).isTrue();
    }

    @Test
    void writesWithTheCookieNeedTheTokenAndThisSite() {
        user("berta", "[{'role': 'developer'}]");
        Session session = session(browser.post("/v1/session", login("berta", PASSWORD)));
        String[] cookie = {"Cookie", session.cookie};
        String body = "{'name': 'of-berta'}";
        browser.post("/v1/services", body, cookie).expect(403);
        browser.post("/v1/services", body, "Cookie", session.cookie, "X-CSRF-Token", session.csrf + "x")
                .expect(403);
        String[][] foreign = {
            {"Origin", "https://evil.example"},
            {"Origin", "null"},
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Origin", "http://127.0.0.1:1"}
        };
        for (String[] header : foreign) {
            browser.post(
                            "/v1/services",
                            body,
                            "Cookie",
                            session.cookie,
                            "X-CSRF-Token",
                            session.csrf,
                            header[0],
                            header[1])
                    .expect(403);
            browser.post("/v1/session", login("berta", PASSWORD), header).expect(403);
        }
        admin.get("/v1/services/of-berta").expect(404);
        browser.post(
                        "/v1/services",
                        body,
                        "Cookie",
                        session.cookie,
                        "X-CSRF-Token",
                        session.csrf,
                        "Sec-Fetch-Site",
                        "same-origin",
                        "Origin",
                        "http://127.0.0.1:" + controlPlane.apiPort())
                .expect(201);
        browser.delete("/v1/services/of-berta", write(session)).expect(204);
    }

    @Test
    void loggingOutEndsIt() {
        user("carla", "[]");
        Session session = session(browser.post("/v1/session", login("carla", PASSWORD)));
        browser.delete("/v1/session", "Cookie", session.cookie).expect(403);
        assertThat(browser.delete("/v1/session", write(session)).expect(204).header("Set-Cookie"))
                .contains("sluice_session=;", "Max-Age=0");
        browser.get("/v1/session", "Cookie", session.cookie).expect(401);
    }

    @Test
    void itEndsAfterHalfAnHourWithoutARequestAndAfterTwelveHoursInAll() throws TimeoutException {
        user("dora", "[{'role': 'viewer'}]");
        Session idle = session(browser.post("/v1/session", login("dora", PASSWORD)));
        sql("UPDATE login_session SET last_seen_at = now() - interval '29 minutes'");
        browser.get("/v1/services", "Cookie", idle.cookie).expect(200);
        awaitNoted("dora"); // the answer does not wait for the note of the request
        sql("UPDATE login_session SET last_seen_at = now() - interval '31 minutes'");
        browser.get("/v1/services", "Cookie", idle.cookie).expect(401);
        Session old = session(browser.post("/v1/session", login("dora", PASSWORD)));
        assertThat(sql("SELECT count(*) FROM login_session WHERE expires_at BETWEEN now() + interval '11 hours'"
                                + " AND now() + interval '12 hours'")
                        .iterator()
                        .next()
                        .getLong(0))
                .isPositive();
        sql("UPDATE login_session SET expires_at = now() - interval '1 second'");
        browser.get("/v1/services", "Cookie", old.cookie).expect(401);
    }

    @Test
    void aTokenLogsInTooAndItsSessionEndsWithIt() {
        Reply made = admin.post("/v1/tokens", "{'name': 'console', 'grants': [{'role': 'viewer'}]}")
                .expect(201);
        Session session = session(browser.post("/v1/session", "{'token': '" + made.text("/token") + "'}"));
        assertThat(browser.get("/v1/session", "Cookie", session.cookie)
                        .expect(200)
                        .text("/who/name"))
                .isEqualTo("console");
        admin.delete("/v1/tokens/console").expect(204);
        browser.get("/v1/session", "Cookie", session.cookie).expect(401);
        Session ofSetting = session(browser.post("/v1/session", "{'token': 'admin-token'}"));
        assertThat(browser.get("/v1/session", "Cookie", ofSetting.cookie)
                        .expect(200)
                        .text("/who/kind"))
                .isEqualTo("setting");
        browser.post("/v1/session", "{'token': 'sluice_made_up'}").expect(401);
        assertThat(browser.post("/v1/session", "{'user': 'x', 'token': 'y'}")
                        .expect(422)
                        .errors())
                .hasSize(1);
        assertThat(browser.post("/v1/session", "{}").expect(422).errors()).hasSize(2);
    }

    @Test
    void oneChangesOnesPasswordAndTheOtherSessionsEnd() {
        user("emma", "[{'role': 'viewer'}]");
        Session here = session(browser.post("/v1/session", login("emma", PASSWORD)));
        Session elsewhere = session(browser.post("/v1/session", login("emma", PASSWORD)));
        String change = "{'password': '%s', 'new_password': 'quite another phrase'}";
        browser.put("/v1/session/password", change.formatted("not the present one"), write(here))
                .expect(403);
        browser.put("/v1/session/password", "{'password': '" + PASSWORD + "', 'new_password': 'short'}", write(here))
                .expect(422);
        browser.put("/v1/session/password", change.formatted(PASSWORD), write(here))
                .expect(204);
        browser.get("/v1/session", "Cookie", here.cookie).expect(200);
        browser.get("/v1/session", "Cookie", elsewhere.cookie).expect(401);
        browser.post("/v1/session", login("emma", PASSWORD)).expect(401);
        browser.post("/v1/session", login("emma", "quite another phrase")).expect(201);
        admin.put("/v1/session/password", change.formatted(PASSWORD)).expect(409);
    }

    @Test
    void disablingOtherRolesAndAnotherPasswordEndSessions() {
        user("fritz", "[{'role': 'viewer'}]");
        String[] changes = {
            "{'grants': [{'role': 'developer'}]}", "{'password': 'quite another phrase'}", "{'disabled': true}"
        };
        String password = PASSWORD;
        for (String change : changes) {
            Session session = session(browser.post("/v1/session", login("fritz", password)));
            admin.patch("/v1/users/fritz", change).expect(200);
            browser.get("/v1/session", "Cookie", session.cookie).expect(401);
            password = change.contains("password") ? "quite another phrase" : password;
        }
        browser.post("/v1/session", login("fritz", password)).expect(401);
    }

    @Test
    void whoFailsHasToWaitWhetherTheUserExistsOrNot() throws TimeoutException {
        user("greta", "[{'role': 'viewer'}]");
        for (String name : new String[] {"greta", "nobody-here"}) {
            for (int i = 0; i < 4; i++) {
                assertThat(browser.post("/v1/session", login(name, "wrong"))
                                .expect(401)
                                .text("/detail"))
                        .isEqualTo("User or password is wrong.");
            }
            String ofUser = " WHERE subject = 'user " + name + "'";
            assertThat(waitAfterLast(ofUser)).isBetween(-1, 0);
            browser.post("/v1/session", login(name, "wrong")).expect(401);
            assertThat(waitAfterLast(ofUser)).isEqualTo(1);
            sql("UPDATE login_attempt SET failures = 11, blocked_until = now()" + ofUser);
            browser.post("/v1/session", login(name, "wrong")).expect(401);
            Reply blocked = browser.post("/v1/session", login(name, PASSWORD)).expect(429);
            assertThat(Integer.parseInt(blocked.header("Retry-After"))).isBetween(60, 128);
        }
        sql("UPDATE login_attempt SET failures = 30, blocked_until = now() - interval '1 second'"
                + " WHERE subject = 'user greta'");
        browser.post("/v1/session", login("greta", "wrong")).expect(401);
        assertThat(Integer.parseInt(browser.post("/v1/session", login("greta", PASSWORD))
                        .expect(429)
                        .header("Retry-After")))
                .isBetween(250, 300);
        sql("UPDATE login_attempt SET blocked_until = now() - interval '1 second' WHERE subject = 'user greta'");
        browser.post("/v1/session", login("greta", PASSWORD)).expect(201);
        browser.post("/v1/session", login("greta", "wrong")).expect(401);
    }

    @Test
    void anAddressThatFailsWithManyNamesHasToWaitToo() throws TimeoutException {
        user("hanna", "[]");
        for (int i = 0; i < 20; i++) {
            browser.post("/v1/session", "{'token': 'guess-" + i + "'}").expect(401);
        }
        browser.post("/v1/session", login("hanna", PASSWORD)).expect(429);
        admin.get("/v1/services").expect(200);
        sql("UPDATE login_attempt SET blocked_until = now() - interval '1 second'");
        browser.post("/v1/session", login("hanna", PASSWORD)).expect(201);
    }

    @Test
    void behindATrustedProxyEveryClientAnswersForItself() {
        user("heidi", "[]");
        for (int i = 0; i < 20; i++) {
            browser.post("/v1/session", "{'token': 'guess-" + i + "'}", "X-Forwarded-For", "198.51.100.7")
                    .expect(401);
        }

        browser.post("/v1/session", login("heidi", PASSWORD), "X-Forwarded-For", "203.0.113.9, 198.51.100.7")
                .expect(429);
        Reply other = browser.post(
                        "/v1/session",
                        login("heidi", PASSWORD),
                        "X-Forwarded-For",
                        "198.51.100.8",
                        "X-Forwarded-Proto",
                        "https")
                .expect(201);
        assertThat(other.header("Set-Cookie")).startsWith("__Host-").contains("; Secure");
    }

    @Test
    void whatHasEndedIsClearedAway() throws TimeoutException {
        user("ida", "[]");
        browser.post("/v1/session", login("ida", PASSWORD)).expect(201);
        sql("UPDATE login_session SET last_seen_at = now() - interval '31 minutes'");
        sql("UPDATE login_attempt SET last_at = now() - interval '3 hours'");
        Void ignored = new PeopleUpkeep(controlPlane.vertx(), controlPlane.database())
                .run()
                .await(10, TimeUnit.SECONDS);
        assertThat(sql("SELECT FROM login_session").size()).isZero();
        assertThat(sql("SELECT FROM login_attempt").size()).isZero();
    }

    private static void awaitNoted(String user) throws TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (sql("SELECT FROM login_session s JOIN user_account u ON u.id = s.user_id WHERE u.name = '" + user
                                + "' AND s.last_seen_at < now() - interval '1 minute'")
                        .size()
                > 0) {
            assertThat(System.nanoTime()).as("the request was noted in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Seconds. */
    private static int waitAfterLast(String where) throws TimeoutException {
        return sql("SELECT round(extract(epoch FROM blocked_until - last_at))::int FROM login_attempt" + where)
                .iterator()
                .next()
                .getInteger(0);
    }

    private void user(String name, String grants) {
        admin.post("/v1/users", "{'name': '" + name + "', 'password': '" + PASSWORD + "', 'grants': " + grants + "}")
                .expect(201);
    }

    private static String login(String user, String password) {
        return "{'user': '" + user + "', 'password': '" + password + "'}";
    }

    private static Session session(Reply reply) {
        return new Session(reply.expect(201).header("Set-Cookie").split(";", 2)[0], reply.text("/csrf_token"));
    }

    private static String[] write(Session session) {
        return new String[] {"Cookie", session.cookie, "X-CSRF-Token", session.csrf};
    }

    @CanIgnoreReturnValue
    private static RowSet<Row> sql(String sql) throws TimeoutException {
        return controlPlane.database().pool().query(sql).execute().await(10, TimeUnit.SECONDS);
    }
}
