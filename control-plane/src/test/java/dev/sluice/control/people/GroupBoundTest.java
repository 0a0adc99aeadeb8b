package dev.sluice.control.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A role in one group shows and changes what lies in that group, and nothing else. */
class GroupBoundTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient admin = controlPlane.client();
    private final ApiClient east = Granted.token(controlPlane, "[{'role': 'developer', 'runtime_group': 'east'}]");
    private final ApiClient both = Granted.token(
            controlPlane,
            "[{'role': 'developer', 'runtime_group': 'east'}, {'role': 'viewer', 'runtime_group': 'west'}]");

    @BeforeAll
    static void declare() {
        ApiClient admin = controlPlane.client();
        admin.post("/v1/runtime-groups", "{'name': 'east'}").expect(201);
        admin.post("/v1/runtime-groups", "{'name': 'west'}").expect(201);
        admin.post("/v1/services", "{'name': 'shared'}").expect(201);
        for (String group : new String[] {"east", "west"}) {
            admin.post("/v1/services/shared/versions", "{'name': '" + group + "', 'runtime_group': '" + group + "'}")
                    .expect(201);
            admin.post(
                            "/v1/services/shared/versions/" + group + "/implementation",
                            "{'url': 'http://127.0.0.1:9', 'route': {'name': 'r', 'paths': ['/" + group + "']}}")
                    .expect(201);
        }
        admin.post("/v1/services", "{'name': 'western'}").expect(201);
        admin.post("/v1/services/western/versions", "{'name': 'v', 'runtime_group': 'west'}")
                .expect(201);
    }

    @Test
    void listsShowWhatLiesInOnesGroups() {
        Reply services = east.get("/v1/services").expect(200);
        assertThat(services.body().findValuesAsText("name"))
                .contains("shared", "east")
                .doesNotContain("western", "west");
        assertThat(east.get("/v1/routes").expect(200).body().at("/data")).hasSize(1);
        assertThat(both.get("/v1/routes").expect(200).body().at("/data")).hasSize(2);
        assertThat(east.get("/v1/runtime-groups").expect(200).body().at("/data"))
                .hasSize(1);
        assertThat(east.get("/v1/services/shared/versions").expect(200).body().at("/data"))
                .hasSize(1);
        assertThat(admin.get("/v1/services/shared").expect(200).body().at("/versions"))
                .hasSize(2);
        assertThat(east.get("/v1/services/shared").expect(200).body().at("/versions"))
                .hasSize(1);
    }

    @Test
    void aNameIsThatOfTheRouteThatOneSees() {
        assertThat(east.get("/v1/routes/r").expect(200).text("/paths/0")).isEqualTo("/east");
        both.get("/v1/routes/r").expect(409);
        String west = admin.get("/v1/services/shared/versions/west/routes/r")
                .expect(200)
                .text("/id");
        east.get("/v1/routes/" + west).expect(404);
        east.delete("/v1/routes/" + west).expect(404);
        both.get("/v1/routes/" + west).expect(200);
        assertThat(both.delete("/v1/routes/" + west).expect(403).text("/detail"))
                .isEqualTo("This needs the role developer in runtime group 'west'; there you are viewer.");
        east.get("/v1/routes/" + west + "/status").expect(404);
        east.get("/v1/status?group=west").expect(404);
        east.get("/v1/services/shared/versions/west/status/live").expect(404);
    }

    @Test
    void aServiceIsChangedByWhoMayChangeAllOfItsVersions() {
        east.patch("/v1/services/shared", "{'description': 'mine'}").expect(403);
        east.delete("/v1/services/shared").expect(403);
        east.get("/v1/services/western").expect(404);
        east.patch("/v1/services/western", "{'description': 'mine'}").expect(404);
        east.post("/v1/services/western/versions", "{'name': 'mine', 'runtime_group': 'east'}")
                .expect(404);
        east.post("/v1/services", "{'name': 'own'}").expect(201);
        east.patch("/v1/services/own", "{'description': 'mine'}").expect(200);
        east.post("/v1/services/own/versions", "{'name': 'v', 'runtime_group': 'east'}")
                .expect(201);
        east.post("/v1/services", "{'name': 'first', 'version': 'v.1'}").expect(403);
        admin.get("/v1/services/first").expect(404);
        east.delete("/v1/services/own").expect(204);
    }

    @Test
    void movingNeedsTheRoleInBothGroups() {
        admin.post("/v1/services", "{'name': 'moving'}").expect(201);
        admin.post("/v1/services/moving/versions", "{'name': 'v', 'runtime_group': 'east'}")
                .expect(201);
        assertThat(east.patch("/v1/services/moving/versions/v", "{'runtime_group': 'west'}")
                        .expect(422)
                        .errors())
                .containsExactly("runtime_group: There is no runtime group 'west'.");
        both.patch("/v1/services/moving/versions/v", "{'runtime_group': 'west'}")
                .expect(403);
        assertThat(admin.get("/v1/services/moving/versions/v").expect(200).text("/runtime_group"))
                .isEqualTo("east");
        admin.patch("/v1/services/moving/versions/v", "{'runtime_group': 'west'}")
                .expect(200);
        both.patch("/v1/services/moving/versions/v", "{'runtime_group': 'east'}")
                .expect(403);
    }

    @Test
    void aGroupThatGoesTakesItsRolesAlong() {
        String id = admin.post("/v1/runtime-groups", "{'name': 'passing'}")
                .expect(201)
                .text("/id");
        ApiClient passing = Granted.token(controlPlane, "[{'role': 'admin', 'runtime_group': 'passing'}]");
        passing.get("/v1/runtime-groups/passing").expect(200);
        passing.delete("/v1/runtime-groups/passing").expect(204);
        admin.put("/v1/runtime-groups/" + id, "{'name': 'passing'}").expect(201);
        passing.get("/v1/runtime-groups/passing").expect(403);
    }
}
