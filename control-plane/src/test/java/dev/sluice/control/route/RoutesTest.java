package dev.sluice.control.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoutesTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final String ROUTES = "/v1/services/s/versions/v1/routes";

    private final ApiClient api = controlPlane.client();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/services", "{'name': 's', 'version': 'v1'}").expect(201);
        api.post("/v1/services/s/versions", "{'name': 'v2'}").expect(201);
    }

    @Test
    void aRouteIsTheSameBelowItsVersionAndFlatByIdAndByName() {
        Reply created = api.post(
                        ROUTES, "{'name': 'same', 'paths': ['/same'], 'headers': {'X-B': ['1'], 'x-a': ['2']}}")
                .expect(201);
        String id = created.text("/id");
        assertThat(created.header("Location")).endsWith("/routes/" + id);
        for (String path :
                List.of(created.header("Location"), ROUTES + "/same", "/v1/routes/same", "/v1/routes/" + id)) {
            assertThat(api.get(path).expect(200).body()).isEqualTo(created.body());
        }
        assertThat(created.text("/version/name")).isEqualTo("v1");
        assertThat(created.text("/service/name")).isEqualTo("s");
        assertThat(created.text("/updated_at")).isEqualTo(created.text("/created_at"));
        assertThat(created.text("/created_at")).matches(".*T.*(\\.\\d{1,6})?Z");
        api.get("/v1/services/s/versions/v2/routes/same").expect(404);
        api.get("/v1/services/s/versions/v2/routes/" + id).expect(404);
    }

    @Test
    void aRouteHasKongsDefaults() {
        Reply created = api.post(ROUTES, "{'paths': ['/defaults']}").expect(201);
        assertThat(created.body().at("/name").isNull()).isTrue();
        assertThat(created.body().at("/protocols").toString()).isEqualTo("[\"http\",\"https\"]");
        for (String empty : List.of("methods", "hosts", "headers", "snis", "tags")) {
            assertThat(created.body().path(empty)).as(empty).isEmpty();
        }
        assertThat(created.body().at("/strip_path").asBoolean(false)).isTrue();
        assertThat(created.body().at("/preserve_host").asBoolean(true)).isFalse();
        assertThat(created.body().at("/regex_priority").asInt(-1)).isZero();
        assertThat(created.text("/path_handling")).isEqualTo("v0");
        assertThat(created.text("/path_match")).isEqualTo("prefix");
        assertThat(created.body().at("/https_redirect_status_code").asInt()).isEqualTo(426);
        assertThat(created.body().at("/request_buffering").asBoolean(false)).isTrue();
        assertThat(created.body().at("/response_buffering").asBoolean(false)).isTrue();
    }

    @Test
    void namesAreUniqueWithinTheGroupForRoutesAndElseWithinTheParentAndTheirCaseCounts() {
        api.post("/v1/runtime-groups", "{'name': 'elsewhere'}").expect(201);
        for (String service : List.of("cased", "Cased")) {
            api.post("/v1/services", "{'name': '" + service + "'}").expect(201);
            for (String version : List.of("v", "V")) {
                api.post("/v1/services/" + service + "/versions", "{'name': '" + version + "'}")
                        .expect(201);
            }
        }
        api.post("/v1/services", "{'name': 'cased'}").expect(409);
        api.post("/v1/services/cased/versions", "{'name': 'V'}").expect(409);
        api.post("/v1/services/cased/versions", "{'name': 'far', 'runtime_group': 'elsewhere'}")
                .expect(201);

        String route = "{'name': 'straße-1.2_~', 'paths': ['/cased']}";
        Reply first = api.post("/v1/services/cased/versions/v/routes", route).expect(201);
        Reply upper = api.post("/v1/services/cased/versions/v/routes", route.replace("straße", "Straße"))
                .expect(201);
        assertThat(upper.text("/name")).isEqualTo("Straße-1.2_~");
        assertThat(upper.text("/id")).isNotEqualTo(first.text("/id"));
        api.post("/v1/services/Cased/versions/V/routes", route).expect(409);
        api.post("/v1/services/cased/versions/far/routes", route).expect(201);
    }

    @Test
    void patchKeepsWhatItDoesNotName() {
        api.post(ROUTES, "{'name': 'p', 'paths': ['/p'], 'methods': ['GET'], 'headers': {'x-a': ['1'], 'x-b': ['2']}}")
                .expect(201);
        Reply patched = api.patch(
                        "/v1/routes/p",
                        "{'methods': null, 'headers': {'x-a': null, 'x-c': ['3']}, 'strip_path': false}",
                        "Content-Type",
                        "application/merge-patch+json")
                .expect(200);
        assertThat(patched.body().at("/methods").size()).isEqualTo(0);
        assertThat(patched.body().at("/headers").toString()).isEqualTo("{\"x-b\":[\"2\"],\"x-c\":[\"3\"]}");
        assertThat(patched.body().at("/strip_path").asBoolean(true)).isFalse();
        assertThat(patched.text("/paths/0")).isEqualTo("/p");
        assertThat(api.patch("/v1/routes/p", "{'paths': null, 'headers': null}")
                        .expect(422)
                        .errors())
                .hasSize(1)
                .first()
                .asString()
                .contains("At least one of");
        assertThat(api.patch("/v1/routes/p", "{'name': null}")
                        .expect(200)
                        .body()
                        .at("/name")
                        .isNull())
                .isTrue();
    }

    @Test
    void putReplacesToDefaultsAndCreatesBelowAVersionOnly() {
        Reply created =
                api.put(ROUTES + "/put", "{'paths': ['/put'], 'tags': ['x']}").expect(201);
        assertThat(created.text("/name")).isEqualTo("put");
        Reply replaced = api.put("/v1/routes/put", "{'hosts': ['a.example']}").expect(200);
        assertThat(replaced.text("/id")).isEqualTo(created.text("/id"));
        assertThat(replaced.text("/name")).isEqualTo("put");
        assertThat(replaced.body().at("/paths").size()).isEqualTo(0);
        assertThat(replaced.body().at("/tags").size()).isEqualTo(0);
        assertThat(replaced.text("/created_at")).isEqualTo(created.text("/created_at"));
        api.put("/v1/routes/not-there", "{'paths': ['/x']}").expect(404);
        String id = "0c5e3f2e-8a53-4c66-a5a9-1d3ae3f3c002";
        assertThat(api.put(ROUTES + "/" + id, "{'paths': ['/by-id']}")
                        .expect(201)
                        .text("/id"))
                .isEqualTo(id);
        assertThat(api.put("/v1/services/s/versions/v2/routes/" + id, "{'paths': ['/x']}")
                        .expect(409)
                        .text("/detail"))
                .contains("belongs to another version");
    }

    @Test
    void listsAreFilteredByAllTagsAndByName() {
        api.post(ROUTES, "{'name': 't1', 'paths': ['/t1'], 'tags': ['red', 'big']}")
                .expect(201);
        api.post(ROUTES, "{'name': 't2', 'paths': ['/t2'], 'tags': ['red']}").expect(201);
        assertThat(names("/v1/routes?tags=red")).containsExactly("t1", "t2");
        assertThat(names("/v1/routes?tags=red,big")).containsExactly("t1");
        assertThat(names(ROUTES + "?tags=big&name=t1")).containsExactly("t1");
        assertThat(names("/v1/services/s/versions/v2/routes?tags=red")).isEmpty();
        assertThat(names("/v1/routes?name=t2")).containsExactly("t2");
    }

    @Test
    void pagesOfManyRoutesShowEachOnce() {
        api.post("/v1/services", "{'name': 'many', 'version': 'v1'}").expect(201);
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            created.add("many-" + i);
            api.post("/v1/services/many/versions/v1/routes", "{'name': 'many-" + i + "', 'paths': ['/many/" + i + "']}")
                    .expect(201);
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            Reply page = api.get("/v1/services/many/versions/v1/routes?size=2" + next)
                    .expect(200);
            page.body().at("/data").forEach(route -> seen.add(route.path("name").asText()));
            next = page.body().at("/next").isNull() ? "" : "&after=" + page.text("/next");
        } while (!next.isEmpty());
        assertThat(seen).isEqualTo(created);
    }

    @Test
    void aDeletedRouteIsGoneAndItsNameFree() {
        api.post(ROUTES, "{'name': 'd', 'paths': ['/d']}").expect(201);
        api.delete(ROUTES + "/d").expect(204);
        api.delete(ROUTES + "/d").expect(404);
        api.post(ROUTES, "{'name': 'd', 'paths': ['/d']}").expect(201);
        api.delete("/v1/routes/d").expect(204);
    }

    @Test
    void everyChangeIsARevisionThatSaysWhatWasDoneAndByWhom() {
        Reply created = api.post(ROUTES, "{'name': 'told', 'paths': ['/told']}").expect(201);
        Reply revision = api.get("/v1/runtime-groups/default/revisions/" + created.text("/revision"))
                .expect(200);
        assertThat(revision.text("/summary")).isEqualTo("create route told");
        assertThat(revision.text("/author")).isEqualTo("admin");
        assertThat(revision.text("/changes/0/id")).isEqualTo(created.text("/id"));
    }

    @Test
    void aWriteThatWaitsForAFleetOfNoneAnswersAtOnce() {
        Reply created = api.post(ROUTES, "{'name': 'waits', 'paths': ['/waits']}", "Prefer", "respond-async, wait=30")
                .expect(201);
        assertThat(created.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(created.body().at("/runtimes").isArray()).isTrue();
        assertThat(created.body().at("/runtimes").size()).isEqualTo(0);
        assertThat(api.delete("/v1/routes/waits", "Prefer", "wait=100")
                        .expect(200)
                        .header("Preference-Applied"))
                .isEqualTo("wait=60");
    }

    private List<String> names(String path) {
        List<String> names = new ArrayList<>();
        api.get(path)
                .expect(200)
                .body()
                .at("/data")
                .forEach(route -> names.add(route.path("name").asText()));
        return names;
    }
}
