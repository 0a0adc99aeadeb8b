package dev.sluice.control.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VersionsTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/services", "{'name': 's'}").expect(201);
        api.post("/v1/runtime-groups", "{'name': 'europe', 'proxy_url': 'https://eu.example.com'}")
                .expect(201);
    }

    @Test
    void aNewVersionIsInTheDefaultGroupAndHoldsNothing() {
        Reply created = api.post("/v1/services/s/versions", "{'name': 'empty'}").expect(201);
        assertThat(created.text("/runtime_group")).isEqualTo("default");
        assertThat(created.body().at("/implementation").isNull()).isTrue();
        assertThat(created.body().at("/upstream_url").isNull()).isTrue();
        assertThat(created.body().at("/routes").size()).isEqualTo(0);
        assertThat(api.get(created.header("Location")).expect(200).body()).isEqualTo(created.body());
    }

    @Test
    void movingAVersionTakesWhatItHoldsAlongInOneRevisionOfEachGroup() {
        api.post("/v1/services/s/versions", "{'name': 'mover'}").expect(201);
        api.post(
                        "/v1/services/s/versions/mover/implementation",
                        "{'url': 'http://localhost:9', 'tags': ['t'],"
                                + " 'route': {'name': 'moved', 'paths': ['/moved'], 'tags': ['a', 'b']}}")
                .expect(201);
        Reply before = api.get("/v1/services/s/versions/mover").expect(200);
        long inDefault = head("default");
        long inEurope = head("europe");

        Reply moved = api.patch("/v1/services/s/versions/mover", "{'runtime_group': 'europe'}")
                .expect(200);

        assertThat(moved.text("/runtime_group")).isEqualTo("europe");
        assertThat(moved.text("/proxy_url")).isEqualTo("https://eu.example.com");
        assertThat(moved.text("/routes/0/id")).isEqualTo(before.text("/routes/0/id"));
        assertThat(moved.text("/routes/0/created_at")).isEqualTo(before.text("/routes/0/created_at"));
        assertThat(moved.text("/upstream_url")).isEqualTo("http://localhost:9");
        assertThat(head("default")).isEqualTo(inDefault + 1);
        assertThat(head("europe")).isEqualTo(inEurope + 1);
        assertThat(winner("default")).isEmpty();
        assertThat(winner("europe")).isEqualTo("moved");
        assertThat(api.get("/v1/routes?tags=a,b").expect(200).body().at("/data").size())
                .isEqualTo(1);
        assertThat(api.get("/v1/runtime-groups/europe/revisions/head").text("/summary"))
                .isEqualTo("move version s/mover from runtime group default to europe");
    }

    @Test
    void aMoveToAGroupThatHasTheRoutesNameIsRefusedAndNothingMoves() {
        for (String group : new String[] {"default", "europe"}) {
            api.post("/v1/services/s/versions", "{'name': 'twin-" + group + "', 'runtime_group': '" + group + "'}")
                    .expect(201);
            api.post("/v1/services/s/versions/twin-" + group + "/routes", "{'name': 'twin', 'paths': ['/twin']}")
                    .expect(201);
        }
        long inDefault = head("default");
        assertThat(api.patch("/v1/services/s/versions/twin-default", "{'runtime_group': 'europe'}")
                        .expect(409)
                        .text("/detail"))
                .contains("'twin' is taken by route");
        assertThat(api.get("/v1/services/s/versions/twin-default").text("/runtime_group"))
                .isEqualTo("default");
        assertThat(head("default")).isEqualTo(inDefault);
    }

    @Test
    void renamingMakesNoRevision() {
        api.post("/v1/services/s/versions", "{'name': 'old-name'}").expect(201);
        long before = head("default");
        assertThat(api.patch("/v1/services/s/versions/old-name", "{'name': 'new-name'}")
                        .expect(200)
                        .text("/name"))
                .isEqualTo("new-name");
        api.get("/v1/services/s/versions/old-name").expect(404);
        assertThat(head("default")).isEqualTo(before);
    }

    @Test
    void putCreatesByNameAndReplacesAfterwards() {
        assertThat(api.put("/v1/services/s/versions/by-put", "{'runtime_group': 'europe'}")
                        .expect(201)
                        .text("/runtime_group"))
                .isEqualTo("europe");
        assertThat(api.put("/v1/services/s/versions/by-put", "{}").expect(200).text("/runtime_group"))
                .isEqualTo("default");
        api.put("/v1/services/none/versions/v", "{}").expect(404);
    }

    @Test
    void listsAreOrderedAndFilteredByName() {
        api.post("/v1/services", "{'name': 'listed', 'version': 'a'}").expect(201);
        api.post("/v1/services/listed/versions", "{'name': 'b'}").expect(201);
        api.post("/v1/services/listed/versions/b/implementation", "{'url': 'https://b.example/x'}")
                .expect(201);
        Reply first = api.get("/v1/services/listed/versions?size=1").expect(200);
        assertThat(first.text("/data/0/name")).isEqualTo("a");
        Reply second = api.get("/v1/services/listed/versions?size=1&after=" + first.text("/next"))
                .expect(200);
        assertThat(second.text("/data/0/upstream_url")).isEqualTo("https://b.example/x");
        assertThat(second.body().at("/next").isNull()).isTrue();
        assertThat(api.get("/v1/services/listed/versions?name=b").text("/data/0/name"))
                .isEqualTo("b");
    }

    @Test
    void deletingAVersionDeletesItsRoutes() {
        api.post("/v1/services/s/versions", "{'name': 'gone'}").expect(201);
        api.post("/v1/services/s/versions/gone/routes", "{'name': 'gone', 'paths': ['/gone']}")
                .expect(201);
        api.delete("/v1/services/s/versions/gone").expect(204);
        api.get("/v1/routes/gone").expect(404);
        api.post("/v1/services/s/versions", "{'name': 'gone'}").expect(201);
    }

    private String winner(String group) {
        return api.post("/v1/runtime-groups/" + group + "/match", "{'path': '/moved'}")
                .expect(200)
                .text("/winner/name");
    }

    private long head(String group) {
        return api.get("/v1/runtime-groups/" + group)
                .expect(200)
                .body()
                .at("/head/revision")
                .asLong();
    }
}
