package dev.sluice.control.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users and API tokens: who sees them, that nobody becomes more than he is, and that somebody is left. */
class UsersAndTokensTest {
    private static final String PASSWORD = "a long pass phrase";

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    @RegisterExtension
    static final RunningControlPlane withoutSetting = new RunningControlPlane(false);

    private final ApiClient admin = controlPlane.client();

    @Test
    void aUserIsCreatedReadChangedAndDeleted() {
        Reply made = admin.post(
                        "/v1/users", "{'name': 'anna', 'password': '" + PASSWORD + "', 'grants': [{'role': 'viewer'}]}")
                .expect(201);
        assertThat(made.raw().body()).doesNotContain(PASSWORD, "argon2");
        assertThat(made.header("Location")).isEqualTo("/v1/users/" + made.text("/id"));
        assertThat(admin.get("/v1/users/anna").expect(200).body()).isEqualTo(made.body());
        assertThat(admin.get("/v1/users?name=anna").expect(200).body().at("/data"))
                .hasSize(1);
        admin.post("/v1/users", "{'name': 'anna', 'password': '" + PASSWORD + "'}")
                .expect(409);
        admin.patch("/v1/users/anna", "{'disabled': true}", "If-Match", "\"other\"")
                .expect(412);
        assertThat(admin.patch("/v1/users/anna", "{'grants': [{'role': 'operator', 'runtime_group': 'default'}]}")
                        .expect(200)
                        .text("/grants/0/runtime_group"))
                .isEqualTo("default");
        assertThat(admin.patch("/v1/users/anna", "{'grants': [{'role': 'viewer', 'runtime_group': 'nowhere'}]}")
                        .expect(422)
                        .errors())
                .containsExactly("grants[0].runtime_group: There is no runtime group 'nowhere'.");
        assertThat(admin.post("/v1/users", "{'name': 'b', 'password': 'short'}")
                        .expect(422)
                        .errors())
                .hasSize(1);
        admin.delete("/v1/users/anna").expect(204);
        admin.get("/v1/users/anna").expect(404);
    }

    @Test
    void passwordsAreKeptAsArgon2idAndTokensAsSha256() throws TimeoutException {
        admin.post("/v1/users", "{'name': 'kept', 'password': '" + PASSWORD + "'}")
                .expect(201);
        assertThat(column("SELECT password FROM user_account WHERE name = 'kept'")
                        .get(0))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        String token = admin.post("/v1/tokens", "{'name': 'kept', 'grants': []}")
                .expect(201)
                .text("/token");
        assertThat(token).matches("sluice_[A-Za-z0-9_-]{43}");
        assertThat(admin.get("/v1/tokens/kept").expect(200).raw().body()).doesNotContain(token);
        assertThat(column("SELECT encode(sha256, 'hex') = encode(sha256(convert_to('" + token + "', 'UTF8')), 'hex')"
                        + " || '' FROM api_token WHERE name = 'kept'"))
                .containsExactly("true");
    }

    @Test
    void everybodyHasHisOwnTokensAndNoMoreThanHeIs() {
        admin.post("/v1/runtime-groups", "{'name': 'east'}").expect(201);
        ApiClient developer =
                Granted.token(controlPlane, "[{'role': 'developer', 'runtime_group': 'east'}, {'role': 'viewer'}]");
        String create = "{'name': '%s', 'grants': %s}";
        developer
                .post("/v1/tokens", create.formatted("more", "[{'role': 'operator', 'runtime_group': 'east'}]"))
                .expect(403);
        developer
                .post("/v1/tokens", create.formatted("more", "[{'role': 'developer'}]"))
                .expect(403);
        developer
                .post("/v1/tokens", create.formatted("more", "[{'role': 'admin'}]"))
                .expect(403);
        String token = developer
                .post("/v1/tokens", create.formatted("equal", "[{'role': 'developer', 'runtime_group': 'east'}]"))
                .expect(201)
                .text("/token");
        assertThat(developer.get("/v1/tokens").expect(200).body().findValuesAsText("name"))
                .contains("equal")
                .hasSize(2);
        controlPlane.client(token).get("/v1/runtime-groups/east").expect(200);
        controlPlane.client(token).get("/v1/runtime-groups/default").expect(404);
        ApiClient other = Granted.token(controlPlane, "[{'role': 'operator'}]");
        other.get("/v1/tokens/equal").expect(404);
        other.delete("/v1/tokens/equal").expect(404);
        developer.delete("/v1/tokens/equal").expect(204);
        controlPlane.client(token).get("/v1/runtime-groups/east").expect(401);
    }

    @Test
    void aTokenOfAUserCanDoWhatTheUserCanDoNow() {
        admin.post("/v1/users", "{'name': 'owner', 'password': '" + PASSWORD + "', 'grants': [{'role': 'developer'}]}")
                .expect(201);
        ApiClient browser = controlPlane.client(null);
        Reply session = browser.post("/v1/session", "{'user': 'owner', 'password': '" + PASSWORD + "'}")
                .expect(201);
        String token = browser.post(
                        "/v1/tokens",
                        "{'name': 'of-owner', 'grants': [{'role': 'developer'}]}",
                        "Cookie",
                        session.header("Set-Cookie").split(";", 2)[0],
                        "X-CSRF-Token",
                        session.text("/csrf_token"))
                .expect(201)
                .text("/token");
        ApiClient program = controlPlane.client(token);
        program.post("/v1/services", "{'name': 'made-by-token'}").expect(201);
        assertThat(program.get("/v1/tokens/of-owner").expect(200).text("/user/name"))
                .isEqualTo("owner");
        admin.patch("/v1/users/owner", "{'grants': [{'role': 'viewer'}]}").expect(200);
        program.get("/v1/services").expect(200);
        program.post("/v1/services", "{'name': 'no-more'}").expect(403);
        admin.patch("/v1/users/owner", "{'disabled': true}").expect(200);
        program.get("/v1/services").expect(401);
    }

    @Test
    void aTokenEndsAndMakesNoneThatLivesLonger() throws TimeoutException {
        Instant soon = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        String text = admin.post(
                        "/v1/tokens", "{'name': 'brief', 'grants': [{'role': 'viewer'}], 'expires_at': '" + soon + "'}")
                .expect(201)
                .text("/token");
        ApiClient brief = controlPlane.client(text);
        assertThat(brief.get("/v1/session").expect(200).text("/expires_at")).isEqualTo(soon.toString());
        brief.post("/v1/tokens", "{'name': 'longer', 'grants': []}").expect(422);
        brief.post("/v1/tokens", "{'name': 'longer', 'grants': [], 'expires_at': '" + soon.plusSeconds(1) + "'}")
                .expect(422);
        brief.post("/v1/tokens", "{'name': 'as-long', 'grants': [], 'expires_at': '" + soon + "'}")
                .expect(201);
        admin.post("/v1/tokens", "{'name': 'past', 'grants': [], 'expires_at': '2020-01-01T00:00:00Z'}")
                .expect(422);
        List<String> ignored = column(
                "UPDATE api_token SET expires_at = now() - interval '1 second' WHERE name = 'brief' RETURNING name");
        brief.get("/v1/services").expect(401);
    }

    @Test
    void whenATokenWasLastUsedIsNotedOnceAMinute() throws TimeoutException {
        ApiClient used =
                controlPlane.client(admin.post("/v1/tokens", "{'name': 'used', 'grants': [{'role': 'viewer'}]}")
                        .expect(201)
                        .text("/token"));
        assertThat(admin.get("/v1/tokens/used").body().path("last_used_at").isNull())
                .isTrue();
        used.get("/v1/services").expect(200);
        String first = await(() -> admin.get("/v1/tokens/used").text("/last_used_at"), "null");
        used.get("/v1/services").expect(200);
        assertThat(admin.get("/v1/tokens/used").text("/last_used_at")).isEqualTo(first);
        List<String> ignored = column(
                "UPDATE api_token SET last_used_at = now() - interval '2 minutes' WHERE name = 'used' RETURNING name");
        String earlier = admin.get("/v1/tokens/used").text("/last_used_at");
        used.get("/v1/services").expect(200);
        assertThat(await(() -> admin.get("/v1/tokens/used").text("/last_used_at"), earlier))
                .isGreaterThan(earlier);
    }

    @Test
    void theLastAdministratorStays() {
        ApiClient first = withoutSetting.client();
        first.delete("/v1/tokens/admin").expect(409);
        first.post("/v1/users", "{'name': 'root', 'password': '" + PASSWORD + "', 'grants': [{'role': 'admin'}]}")
                .expect(201);
        String second = first.post("/v1/tokens", "{'name': 'second', 'grants': [{'role': 'admin'}]}")
                .expect(201)
                .text("/token");
        ApiClient other = withoutSetting.client(second);
        other.delete("/v1/tokens/admin").expect(204);
        first.get("/v1/services").expect(401);
        other.delete("/v1/tokens/second").expect(204);
        ApiClient browser = withoutSetting.client(null);
        Reply session = browser.post("/v1/session", "{'user': 'root', 'password': '" + PASSWORD + "'}")
                .expect(201);
        String[] write = {
            "Cookie", session.header("Set-Cookie").split(";", 2)[0], "X-CSRF-Token", session.text("/csrf_token")
        };
        assertThat(browser.delete("/v1/users/root", write).expect(409).text("/detail"))
                .startsWith("This is the last administrator");
        browser.patch("/v1/users/root", "{'disabled': true}", write).expect(409);
        browser.patch("/v1/users/root", "{'grants': [{'role': 'operator'}]}", write)
                .expect(409);
        browser.get("/v1/users", write).expect(200);
    }

    private static String await(Supplier<String> value, String until) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String now = value.get();
        while (now.equals(until) && System.nanoTime() < end) {
            now = value.get();
        }
        assertThat(now).isNotEqualTo(until);
        return now;
    }

    private static List<String> column(String sql) throws TimeoutException {
        Future<List<String>> read = controlPlane
                .database()
                .pool()
                .query(sql)
                .mapping((Row row) -> String.valueOf(row.getValue(0)))
                .execute()
                .map(rows -> {
                    List<String> values = new ArrayList<>();
                    rows.forEach(values::add);
                    return values;
                });
        return read.await(10, TimeUnit.SECONDS);
    }
}
