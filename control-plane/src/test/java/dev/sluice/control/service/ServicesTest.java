package dev.sluice.control.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServicesTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    @Test
    void aServiceIsReadByIdAndByName() {
        Reply created = api.post("/v1/services", "{'name': 'Größe_1.0~x', 'labels': {'team': 'a'}}")
                .expect(201);
        Reply byId = api.get(created.header("Location")).expect(200);
        Reply byName = api.get("/v1/services/Gr%C3%B6%C3%9Fe_1.0~x").expect(200);
        assertThat(byName.body()).isEqualTo(byId.body()).isEqualTo(created.body());
        assertThat(byId.text("/labels/team")).isEqualTo("a");
        assertThat(byId.text("/description")).isEmpty();
        assertThat(byId.body().at("/versions")).isEmpty();
    }

    @Test
    void patchChangesWhatItNamesAndNullGoesBackToTheDefault() {
        api.post("/v1/services", "{'name': 'patched', 'description': 'a', 'labels': {'x': '1', 'y': '2'}}")
                .expect(201);
        Reply changed = api.patch("/v1/services/patched", "{'description': null, 'labels': {'x': null, 'z': '3'}}")
                .expect(200);
        assertThat(changed.text("/description")).isEmpty();
        assertThat(changed.body().at("/labels").toString()).isEqualTo("{\"y\":\"2\",\"z\":\"3\"}");
        assertThat(changed.text("/name")).isEqualTo("patched");
        assertThat(api.patch("/v1/services/patched", "{'name': null}")
                        .expect(422)
                        .errors())
                .containsExactly("name: Is required.");
        assertThat(api.patch("/v1/services/patched", "{'nmae': null}")
                        .expect(422)
                        .errors())
                .containsExactly("nmae: Is no field here; did you mean 'name'?");
    }

    @Test
    void aRenamedServiceKeepsItsIdAndVersions() {
        String id = api.post("/v1/services", "{'name': 'before', 'version': 'v1'}")
                .expect(201)
                .text("/id");
        Reply renamed = api.patch(
                        "/v1/services/before", "{'name': 'after'}", "Content-Type", "application/merge-patch+json")
                .expect(200);
        assertThat(renamed.text("/id")).isEqualTo(id);
        assertThat(renamed.text("/versions/0/name")).isEqualTo("v1");
        api.get("/v1/services/before").expect(404);
    }

    @Test
    void putReplacesAndPutCreatesByNameAndById() {
        api.post("/v1/services", "{'name': 'put', 'description': 'old', 'labels': {'a': 'b'}}")
                .expect(201);
        Reply replaced = api.put("/v1/services/put", "{'description': 'new'}").expect(200);
        assertThat(replaced.text("/description")).isEqualTo("new");
        assertThat(replaced.body().at("/labels")).isEmpty();

        assertThat(api.put("/v1/services/by-name", "{}").expect(201).text("/name"))
                .isEqualTo("by-name");
        assertThat(api.put("/v1/services/other", "{'name': 'another'}")
                        .expect(422)
                        .errors())
                .containsExactly("name: Is not 'other', as the path says; leave it out or make them equal.");
        String id = "0c5e3f2e-8a53-4c66-a5a9-1d3ae3f3c001";
        assertThat(api.put("/v1/services/" + id, "{'name': 'by-id'}")
                        .expect(201)
                        .text("/id"))
                .isEqualTo(id);
        assertThat(api.put("/v1/services/" + id, "{}").expect(200).text("/name"))
                .isEqualTo("by-id");
    }

    @Test
    void pagesShowEveryServiceOnceInOrderOfCreation() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            names.add("page-" + i);
            api.post("/v1/services", "{'name': 'page-" + i + "'}").expect(201);
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            Reply page = api.get("/v1/services?size=3" + next).expect(200);
            assertThat(page.body().at("/data").size()).isBetween(1, 3);
            page.body()
                    .at("/data")
                    .forEach(service -> seen.add(service.path("name").asText()));
            next = page.body().at("/next").isNull() ? "" : "&after=" + page.text("/next");
        } while (!next.isEmpty());
        assertThat(seen).containsSubsequence(names).doesNotHaveDuplicates();
        assertThat(api.get("/v1/services?name=page-3")
                        .expect(200)
                        .body()
                        .at("/data")
                        .size())
                .isEqualTo(1);
        assertThat(api.get("/v1/services?name=page-")
                        .expect(200)
                        .body()
                        .at("/data")
                        .size())
                .isEqualTo(0);
    }

    @Test
    void aServiceAndItsFirstVersionAreCreatedTogetherOrNotAtAll() {
        api.post("/v1/services", "{'name': 'half', 'version': 'not valid'}").expect(422);
        api.get("/v1/services/half").expect(404);
    }

    @Test
    void deletingAServiceDeletesWhatItHoldsInOneRevisionOfEachGroup() {
        api.post("/v1/runtime-groups", "{'name': 'east'}").expect(201);
        api.post("/v1/services", "{'name': 'doomed', 'version': 'v1'}").expect(201);
        api.post("/v1/services/doomed/versions", "{'name': 'v2', 'runtime_group': 'east'}")
                .expect(201);
        for (String version : List.of("v1", "v2")) {
            api.post(
                            "/v1/services/doomed/versions/" + version + "/implementation",
                            "{'url': 'http://localhost:9', 'route': {'name': 'doomed', 'paths': ['/d']}}")
                    .expect(201);
        }
        api.get("/v1/routes/doomed").expect(409);
        long inDefault = head("default");
        long inEast = head("east");

        api.delete("/v1/services/doomed").expect(204);

        assertThat(head("default")).isEqualTo(inDefault + 1);
        assertThat(head("east")).isEqualTo(inEast + 1);
        api.get("/v1/services/doomed").expect(404);
        api.get("/v1/services/doomed/versions/v1").expect(404);
        assertThat(api.get("/v1/routes?name=doomed")
                        .expect(200)
                        .body()
                        .at("/data")
                        .size())
                .isEqualTo(0);
        assertThat(api.get("/v1/runtime-groups/east/revisions/head").expect(200).text("/summary"))
                .isEqualTo("delete service doomed");
        api.delete("/v1/services/doomed").expect(404);
        api.post("/v1/services", "{'name': 'doomed', 'version': 'v1'}").expect(201);
    }

    private long head(String group) {
        return api.get("/v1/runtime-groups/" + group)
                .expect(200)
                .body()
                .at("/head/revision")
                .asLong();
    }

    @Test
    void servicesAreFoundByAPartOfNameOrDescriptionWhateverTheCase() {
        api.post("/v1/services", "{'name': 'Finding-Me', 'description': 'of the 100% shop'}")
                .expect(201);
        api.post("/v1/services", "{'name': 'other', 'description': 'nothing'}").expect(201);

        for (String part : List.of("finding", "ING-m", "100%25", "THE%20100")) {
            assertThat(api.get("/v1/services?search=" + part).expect(200).body().path("data"))
                    .as(part)
                    .extracting(service -> service.path("name").asText())
                    .containsExactly("Finding-Me");
        }
        assertThat(api.get("/v1/services?search=_").expect(200).body().path("data"))
                .noneMatch(service -> service.path("name").asText().equals("Finding-Me"));
    }

    @Test
    void aListTellsRequestsOfTheLastHourOnlyWhereAsked() {
        api.post("/v1/services", "{'name': 'counted', 'version': 'v.1'}").expect(201);

        assertThat(api.get("/v1/services?name=counted").expect(200).body().at("/data/0/requests"))
                .isEmpty();
        Reply asked = api.get("/v1/services?name=counted&with=requests").expect(200);
        assertThat(asked.body().at("/data/0/requests/total").asLong(-1)).isZero();
        assertThat(asked.body().at("/data/0/requests/series")).hasSize(12);
        api.get("/v1/services?with=everything").expect(422);
    }
}
