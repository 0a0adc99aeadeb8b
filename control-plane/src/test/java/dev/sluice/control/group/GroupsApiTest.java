package dev.sluice.control.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupsApiTest {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String PATH = "/v1/runtime-groups";
    private static final Vertx vertx = Vertx.vertx();
    private static Database database;
    private static ApiUnderTest api;

    @BeforeAll
    static void open() {
        database = postgres.open(vertx);
        api = new ApiUnderTest(vertx, database, new GroupsApi(database, new GroupStore())::register);
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @Test
    void aGroupIsMadeReadChangedAndDeleted() {
        HttpResponse<Buffer> made = api.send(
                HttpMethod.POST,
                PATH,
                new JsonObject()
                        .put("name", "europe")
                        .put("proxy_url", "https://eu.example.com")
                        .put("labels", new JsonObject().put("team", "edge")),
                null);
        assertThat(made.statusCode()).isEqualTo(201);
        JsonObject group = made.bodyAsJsonObject();
        assertThat(made.getHeader("Location")).isEqualTo(PATH + "/" + group.getString("id"));
        assertThat(group.getJsonObject("head").getLong("revision")).isZero();

        HttpResponse<Buffer> read = api.get(PATH + "/europe");
        assertThat(read.bodyAsJsonObject()).isEqualTo(group);
        assertThat(read.getHeader("ETag")).isEqualTo(made.getHeader("ETag"));

        HttpResponse<Buffer> changed = api.send(
                HttpMethod.PATCH, PATH + "/europe", new JsonObject().putNull("proxy_url"), read.getHeader("ETag"));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.bodyAsJsonObject().getString("proxy_url")).isNull();
        assertThat(changed.bodyAsJsonObject().getJsonObject("labels").getString("team"))
                .isEqualTo("edge");

        HttpResponse<Buffer> stale = api.send(
                HttpMethod.PATCH, PATH + "/europe", new JsonObject().put("name", "eu"), read.getHeader("ETag"));
        assertThat(stale.statusCode()).isEqualTo(412);

        assertThat(api.send(HttpMethod.DELETE, PATH + "/" + group.getString("id"), null, null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(api.get(PATH + "/europe").statusCode()).isEqualTo(404);
    }

    @Test
    void aGroupThatIsMadeAgainBeginsALaterEpoch() {
        JsonObject fields = new JsonObject().put("name", "phoenix");
        JsonObject first = api.send(HttpMethod.POST, PATH, fields, null).bodyAsJsonObject();
        assertThat(api.send(HttpMethod.DELETE, PATH + "/phoenix", null, null).statusCode())
                .isEqualTo(204);

        JsonObject second = api.send(HttpMethod.POST, PATH, fields, null).bodyAsJsonObject();

        assertThat(second.getJsonObject("head").getLong("epoch"))
                .isGreaterThan(first.getJsonObject("head").getLong("epoch"));
        assertThat(second.getJsonObject("head").getLong("revision")).isZero();
    }

    @Test
    void putCreatesByNameOrIdAndReplaces() {
        HttpResponse<Buffer> byName = put(PATH + "/asia", new JsonObject().put("description", "far"));
        assertThat(byName.statusCode()).isEqualTo(201);
        assertThat(byName.bodyAsJsonObject().getString("name")).isEqualTo("asia");

        UUID id = UUID.randomUUID();
        HttpResponse<Buffer> byId = put(PATH + "/" + id, new JsonObject().put("name", "africa"));
        assertThat(byId.statusCode()).isEqualTo(201);
        assertThat(byId.bodyAsJsonObject().getString("id")).isEqualTo(id.toString());

        assertThat(api.send(HttpMethod.PUT, PATH + "/gone", new JsonObject(), "\"seen\"")
                        .statusCode())
                .isEqualTo(412);
        HttpResponse<Buffer> replaced = put(PATH + "/asia", new JsonObject());
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.bodyAsJsonObject().getString("description")).isEmpty();
    }

    @Test
    void aTakenNameIsRefusedNamingItsOwner() {
        String owner = put(PATH + "/taken", new JsonObject()).bodyAsJsonObject().getString("id");

        HttpResponse<Buffer> refused = api.send(HttpMethod.POST, PATH, new JsonObject().put("name", "taken"), null);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail"))
                .contains("The name 'taken' is taken by runtime group " + owner);
    }

    @Test
    void aProxyUrlIsAWebAddressThatPathsCanBeAppendedTo() {
        for (String wrong : new String[] {"ftp://a", "https://", "/mock", "http://a/?x=1", "http://me@a"}) {
            HttpResponse<Buffer> refused = put(PATH + "/wrong", new JsonObject().put("proxy_url", wrong));
            assertThat(refused.statusCode()).as(wrong).isEqualTo(422);
            assertThat(refused.bodyAsJsonObject()
                            .getJsonArray("errors")
                            .getJsonObject(0)
                            .getString("field"))
                    .isEqualTo("proxy_url");
        }
    }

    @Test
    void theDefaultGroupIsNeitherRenamedNorDeleted() {
        assertThat(put(PATH + "/default", new JsonObject().put("name", "other")).statusCode())
                .isEqualTo(409);
        assertThat(api.send(HttpMethod.DELETE, PATH + "/default", null, null).statusCode())
                .isEqualTo(409);
        assertThat(put(PATH + "/default", new JsonObject().put("proxy_url", "http://localhost:8000"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aGroupWithVersionsIsKeptAndOneWithTombstonesGoes() {
        UUID group = UUID.fromString(
                put(PATH + "/used", new JsonObject()).bodyAsJsonObject().getString("id"));
        UUID service = UUID.randomUUID();
        UUID version = UUID.randomUUID();
        await(database.pool()
                .preparedQuery("INSERT INTO service (id, name) VALUES ($1, 'shop')")
                .execute(Tuple.of(service)));
        await(database.pool()
                .preparedQuery(
                        "INSERT INTO service_version (id, service_id, group_id, name) VALUES ($1, $2, $3, 'v.1')")
                .execute(Tuple.of(version, service, group)));

        HttpResponse<Buffer> refused = api.send(HttpMethod.DELETE, PATH + "/used", null, null);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail")).contains("v.1 of service shop");

        await(database.pool()
                .preparedQuery("UPDATE service_version SET deleted_at = now() WHERE id = $1")
                .execute(Tuple.of(version)));
        assertThat(api.send(HttpMethod.DELETE, PATH + "/used", null, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void listsArePaged() {
        put(PATH + "/page-a", new JsonObject());
        put(PATH + "/page-b", new JsonObject());
        JsonObject first = api.get(PATH + "?size=1").bodyAsJsonObject();
        assertThat(first.getJsonArray("data").getJsonObject(0).getString("name"))
                .isEqualTo("default");

        JsonObject second =
                api.get(PATH + "?size=1&after=" + first.getString("next")).bodyAsJsonObject();
        assertThat(second.getJsonArray("data").getJsonObject(0).getString("name"))
                .isNotEqualTo("default");
        assertThat(api.get(PATH + "?name=page-b").bodyAsJsonObject().getJsonArray("data"))
                .hasSize(1);
    }

    @CanIgnoreReturnValue
    private static HttpResponse<Buffer> put(String path, JsonObject body) {
        return api.send(HttpMethod.PUT, path, body, null);
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
