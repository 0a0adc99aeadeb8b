package dev.sluice.control.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import dev.sluice.control.certificate.MadeCertificate;
import dev.sluice.control.enrolment.LogLines;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The audit trail has every write and login, with what it changed and without secrets, and keeps it. */
class AuditTest {
    private static final String PASSWORD = "a long pass phrase";

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient admin = controlPlane.client();

    @Test
    void aWriteOfConfigurationHasWhatWasBeforeAndAfter() {
        admin.post("/v1/services", "{'name': 'shop', 'version': 'v.1'}").expect(201);
        admin.post(
                        "/v1/services/shop/versions/v.1/implementation",
                        "{'url': 'http://127.0.0.1:9', 'route': {'name': 'orders', 'paths': ['/orders']}}")
                .expect(201);
        Reply changed = admin.patch("/v1/routes/orders", "{'paths': ['/orders', '/old']}")
                .expect(200);

        JsonNode row = newest("?operation=updateRoute");
        assertThat(row.at("/actor/kind").asText()).isEqualTo("setting");
        assertThat(row.at("/actor/name").asText()).isEqualTo("admin");
        assertThat(row.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(row.path("method").asText()).isEqualTo("PATCH");
        assertThat(row.path("path").asText()).isEqualTo("/v1/routes/orders");
        assertThat(row.path("status").asInt()).isEqualTo(200);
        assertThat(row.path("request_id").asText()).isEqualTo(changed.header("X-Request-Id"));
        assertThat(row.at("/entity/kind").asText()).isEqualTo("route");
        assertThat(row.at("/entity/name").asText()).isEqualTo("orders");
        assertThat(row.at("/before/paths")).hasSize(1);
        assertThat(row.at("/after/paths")).hasSize(2);

        JsonNode created = newest("?operation=createImplementation");
        assertThat(created.path("status").asInt()).isEqualTo(201);
        assertThat(created.path("before").isNull()).isTrue();
        assertThat(created.findValuesAsText("kind")).contains("implementation", "route");

        admin.delete("/v1/services/shop").expect(204);
        JsonNode deleted = newest("?operation=deleteService");
        assertThat(deleted.at("/before/name").asText()).isEqualTo("shop");
        assertThat(deleted.path("after").isNull()).isTrue();
        assertThat(deleted.path("also").findValuesAsText("kind")).contains("version", "implementation", "route");
        assertThat(admin.get("/v1/audit?entity=orders").expect(200).body().at("/data"))
                .hasSizeGreaterThanOrEqualTo(1);
    }

    @Test
    void ofAPrivateKeyItIsToldWhetherItChanged() {
        MadeCertificate first = MadeCertificate.leaf("audited", "EC P-256", null);
        String path = "/v1/certificates/audited";
        admin.put(path, "{" + first.fields() + "}").expect(201);
        admin.patch(path, "{'tags': ['a']}").expect(200);
        JsonNode tagged = newest("?operation=updateCertificate");
        assertThat(tagged.at("/before/key")).isEqualTo(tagged.at("/after/key"));
        admin.put(path, "{" + MadeCertificate.leaf("audited", "EC P-256", null).fields() + "}")
                .expect(200);
        JsonNode replaced = newest("?operation=replaceCertificate");
        assertThat(replaced.at("/after/key").asText()).isEqualTo("sealed, changed");
        assertThat(admin.get("/v1/audit").expect(200).body().toString()).doesNotContain("sealed:1:", "PRIVATE KEY");
        admin.delete(path).expect(204);
    }

    @Test
    void refusedAndFailedWritesAreThereToo() {
        ApiClient viewer = Granted.token(controlPlane, "[{'role': 'viewer'}]");
        String name = viewer.get("/v1/session").text("/who/name");
        viewer.post("/v1/services", "{'name': 'forbidden'}").expect(403);
        admin.post("/v1/services", "{'name': ''}").expect(422);
        admin.delete("/v1/services/not-there").expect(404);
        controlPlane.client("sluice_made_up").delete("/v1/services/x").expect(401);
        assertThat(withStatus("createService", 403).at("/actor/name").asText()).isEqualTo(name);
        assertThat(withStatus("createService", 422).at("/actor/name").asText()).isEqualTo("admin");
        assertThat(withStatus("deleteService", 404).path("path").asText()).isEqualTo("/v1/services/not-there");
        assertThat(withStatus("deleteService", 401).at("/actor/kind").asText()).isEqualTo("nobody");
        viewer.get("/v1/audit").expect(403);
    }

    @Test
    void readsAreNotThere() {
        admin.get("/v1/services").expect(200);
        admin.post("/v1/runtime-groups/default/match", "{'path': '/x'}").expect(200);
        assertThat(admin.get("/v1/audit?operation=listServices")
                        .expect(200)
                        .body()
                        .at("/data"))
                .isEmpty();
        assertThat(admin.get("/v1/audit?operation=explainMatch")
                        .expect(200)
                        .body()
                        .at("/data"))
                .isEmpty();
    }

    @Test
    void loginsAreThereAndNoSecretIs() {
        String token = admin.post("/v1/tokens", "{'name': 'audited', 'grants': [{'role': 'viewer'}]}")
                .expect(201)
                .text("/token");
        admin.post("/v1/users", "{'name': 'anna', 'password': '" + PASSWORD + "'}")
                .expect(201);
        admin.patch("/v1/users/anna", "{'password': 'quite another phrase', 'grants': [{'role': 'viewer'}]}")
                .expect(200);
        JsonNode changed = newest("?operation=updateUser");
        assertThat(changed.at("/before/password").asText()).isEqualTo("sealed");
        assertThat(changed.at("/after/password").asText()).isEqualTo("sealed, changed");
        assertThat(changed.at("/before/grants")).isEmpty();
        assertThat(changed.at("/after/grants/0/role").asText()).isEqualTo("viewer");
        admin.patch("/v1/users/anna", "{'disabled': false}").expect(200);
        assertThat(newest("?operation=updateUser").at("/after/password").asText())
                .isEqualTo("sealed");

        LogLines log = new LogLines();
        ApiClient browser = controlPlane.client(null);
        Reply session = browser.post("/v1/session", "{'user': 'anna', 'password': 'quite another phrase'}")
                .expect(201);
        JsonNode login = newest("?operation=createSession&actor=anna");
        assertThat(login.path("status").asInt()).isEqualTo(201);
        assertThat(login.at("/actor/kind").asText()).isEqualTo("user");
        browser.post("/v1/session", "{'user': 'anna', 'password': 'a typed secret'}")
                .expect(401);
        browser.post("/v1/session", "{'user': 'another typed secret', 'password': 'a typed secret'}")
                .expect(401);
        JsonNode failed = withStatus("createSession", 401);
        assertThat(failed.at("/actor/kind").asText()).isEqualTo("nobody");

        log.close();
        String cookie = session.header("Set-Cookie").split("[=;]", 3)[1];
        for (String secret : new String[] {"quite another phrase", "typed secret", token, cookie}) {
            assertThat(log.with(secret)).isEmpty();
        }
        String all = admin.get("/v1/audit?size=1000").expect(200).raw().body();
        assertThat(all)
                .contains("anna", "audited")
                .doesNotContain(
                        PASSWORD,
                        "quite another phrase",
                        "typed secret",
                        token,
                        cookie,
                        session.text("/csrf_token"),
                        "argon2",
                        "admin-token");
    }

    @Test
    void groupsAndPagesAndTimes() {
        admin.post("/v1/runtime-groups", "{'name': 'audited'}").expect(201);
        admin.patch("/v1/runtime-groups/audited", "{'description': 'now with one'}")
                .expect(200);
        admin.delete("/v1/runtime-groups/audited").expect(204);
        Reply first = admin.get("/v1/audit?entity=audited&size=2").expect(200);
        assertThat(first.body().at("/data").findValuesAsText("operation"))
                .containsExactly("deleteRuntimeGroup", "updateRuntimeGroup");
        assertThat(first.text("/data/1/after/description")).isEqualTo("now with one");
        Reply rest = admin.get("/v1/audit?entity=audited&size=2&after=" + first.text("/next"))
                .expect(200);
        assertThat(rest.body().at("/data").findValuesAsText("operation")).contains("createRuntimeGroup");
        assertThat(admin.get("/v1/audit?to=2020-01-01T00:00:00Z")
                        .expect(200)
                        .body()
                        .at("/data"))
                .isEmpty();
        assertThat(admin.get("/v1/audit?from=2020-01-01T00:00:00Z")
                        .expect(200)
                        .body()
                        .at("/data"))
                .isNotEmpty();
        admin.get("/v1/audit?from=yesterday").expect(422);
        admin.get("/v1/audit?after=made-up").expect(422);
    }

    @Test
    void aWriteWhoseRowCannotBeWrittenIsNotWritten() throws TimeoutException {
        sql("ALTER TABLE audit_record ADD CONSTRAINT full_disk CHECK (entity_name <> 'unaudited') NOT VALID");
        try {
            admin.post("/v1/services", "{'name': 'unaudited'}").expect(500);
            admin.get("/v1/services/unaudited").expect(404);
        } finally {
            sql("ALTER TABLE audit_record DROP CONSTRAINT full_disk");
        }
    }

    @Test
    void rowsAreNeitherChangedNorDeletedBeforeAYearHasPassed() throws TimeoutException {
        admin.post("/v1/services", "{'name': 'kept'}").expect(201);
        for (String change : new String[] {
            "UPDATE audit_record SET actor_name = 'somebody else'",
            "DELETE FROM audit_record",
            "TRUNCATE audit_record",
            "SET sluice.audit_expiry = 'on'; DELETE FROM audit_record"
        }) {
            assertThatThrownBy(() -> sql(change)).hasMessageContaining("append-only");
        }
        sql("RESET sluice.audit_expiry; ALTER TABLE audit_record DISABLE TRIGGER USER;"
                + " UPDATE audit_record SET at = now() - interval '366 days' WHERE entity_name = 'kept';"
                + " ALTER TABLE audit_record ENABLE TRIGGER USER");
        long before = count();
        Void ignored = new PeopleUpkeep(controlPlane.vertx(), controlPlane.database())
                .run()
                .await(10, TimeUnit.SECONDS);
        assertThat(count()).isEqualTo(before - 1);
        assertThatThrownBy(() -> sql("DELETE FROM audit_record")).hasMessageContaining("append-only");
    }

    private static long count() throws TimeoutException {
        return sql("SELECT count(*) FROM audit_record").iterator().next().getLong(0);
    }

    private JsonNode newest(String query) {
        return admin.get("/v1/audit" + query).expect(200).body().at("/data/0");
    }

    /** Rows of refused requests follow their answers. */
    private JsonNode withStatus(String operation, int status) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            for (JsonNode row : admin.get("/v1/audit?operation=" + operation)
                    .expect(200)
                    .body()
                    .at("/data")) {
                if (row.path("status").asInt() == status) {
                    return row;
                }
            }
        }
        throw new AssertionError("No row of " + operation + " with " + status);
    }

    @CanIgnoreReturnValue
    private static RowSet<Row> sql(String sql) throws TimeoutException {
        return controlPlane.database().pool().query(sql).execute().await(10, TimeUnit.SECONDS);
    }
}
