package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first steps of everybody who comes: a service, a version, an implementation with a route, by name. */
class WalkThroughTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    @Test
    void aServiceWithVersionImplementationAndRouteIsDeclaredInThreeCalls() {
        Reply service = api.post("/v1/services", "{'name': 'example_service', 'version': 'v.1'}")
                .expect(201);
        assertThat(service.text("/versions/0/name")).isEqualTo("v.1");
        assertThat(service.header("Location")).isEqualTo("/v1/services/" + service.text("/id"));

        Reply implementation = api.post(
                        "/v1/services/example_service/versions/v.1/implementation",
                        "{'url': 'http://mockbin.org', 'route': {'name': 'mockbin', 'paths': ['/mock']}}")
                .expect(201);
        assertThat(implementation.text("/url")).isEqualTo("http://mockbin.org");
        assertThat(implementation.body().at("/port").asInt()).isEqualTo(80);
        assertThat(implementation.body().at("/retries").asInt()).isEqualTo(5);
        assertThat(implementation.text("/route/name")).isEqualTo("mockbin");
        assertThat(implementation.body().at("/route/revision").asLong())
                .isEqualTo(implementation.body().at("/revision").asLong());

        Reply version = api.get("/v1/services/example_service/versions/v.1").expect(200);
        assertThat(version.text("/upstream_url")).isEqualTo("http://mockbin.org");
        assertThat(version.text("/routes/0/paths/0")).isEqualTo("/mock");
        assertThat(version.text("/runtime_group")).isEqualTo("default");

        Reply match = api.post("/v1/runtime-groups/default/match", "{'path': '/mock/request?x=1'}")
                .expect(200);
        assertThat(match.text("/winner/name")).isEqualTo("mockbin");
        assertThat(match.text("/upstream_uri")).isEqualTo("http://mockbin.org/request?x=1");

        api.delete("/v1/services/example_service/versions/v.1/implementation").expect(204);
        api.delete("/v1/services/example_service/versions/v.1").expect(204);
        assertThat(api.get("/v1/routes/mockbin").expect(404).text("/detail")).isEqualTo("There is no route 'mockbin'.");
    }
}
