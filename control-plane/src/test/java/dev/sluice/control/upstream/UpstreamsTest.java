package dev.sluice.control.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpstreamsTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ApiClient api = controlPlane.client();
    private final String name = "u" + COUNT.incrementAndGet() + ".upstream";
    private final String path = "/v1/upstreams/" + name;

    @BeforeAll
    static void declare() {
        controlPlane.client().post("/v1/services", "{'name': 's'}").expect(201);
        controlPlane.client().post("/v1/runtime-groups", "{'name': 'europe'}").expect(201);
    }

    @Test
    void anUpstreamHasKongsDefaults() {
        Reply created = create("{'name': '" + name + "'}");
        assertThat(created.header("Location")).isEqualTo("/v1/upstreams/" + created.text("/id"));
        assertThat(created.text("/algorithm")).isEqualTo("round-robin");
        assertThat(created.text("/hash_on")).isEqualTo("none");
        assertThat(created.body().at("/slots").asInt()).isEqualTo(10_000);
        assertThat(created.body().at("/healthchecks/active/timeout").asDouble()).isEqualTo(1);
        assertThat(created.body()
                        .at("/healthchecks/active/healthy/http_statuses")
                        .toString())
                .isEqualTo("[200,302]");
        assertThat(created.body()
                        .at("/healthchecks/passive/unhealthy/http_statuses")
                        .toString())
                .isEqualTo("[429,500,503]");
        assertThat(api.get(path).expect(200).body()).isEqualTo(created.body());
        assertThat(api.get("/v1/upstreams?name=" + name).expect(200).text("/data/0/id"))
                .isEqualTo(created.text("/id"));
    }

    @Test
    void whatToHashOnWithoutAnAlgorithmMeansConsistentHashing() {
        assertThat(create("{'name': '" + name + "', 'hash_on': 'ip'}").text("/algorithm"))
                .isEqualTo("consistent-hashing");
        assertThat(api.patch(path, "{'algorithm': 'latency'}").expect(200).text("/algorithm"))
                .isEqualTo("latency");
        assertThat(api.patch(path, "{'hash_on': 'path'}").expect(200).text("/algorithm"))
                .isEqualTo("consistent-hashing");
    }

    @Test
    void aPatchReachesIntoHealthchecksAndLeavesTheRest() {
        create("{'name': '" + name + "', 'healthchecks': {'passive': {'unhealthy': {'tcp_failures': 3}}}}");
        Reply changed = api.patch(path, "{'healthchecks': {'active': {'healthy': {'interval': 0.5}}}}")
                .expect(200);
        assertThat(changed.body().at("/healthchecks/active/healthy/interval").asDouble())
                .isEqualTo(0.5);
        assertThat(changed.body()
                        .at("/healthchecks/passive/unhealthy/tcp_failures")
                        .asInt())
                .isEqualTo(3);
        assertThat(changed.body()
                        .at("/healthchecks/active/healthy/http_statuses")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(api.post(
                                "/v1/upstreams",
                                "{'name': '10.0.0.1', 'hash_on': 'header', 'hash_fallback': 'cookie',"
                                        + " 'host_header': 'a b', 'healthchecks': {'active': {'http_path': '/a b'}}}")
                        .expect(422)
                        .errors())
                .anyMatch(error -> error.startsWith("name: Must be a host name without port"))
                .anyMatch(error -> error.startsWith("hash_on_header: Is required"))
                .anyMatch(error -> error.startsWith("hash_on_cookie: Is required"))
                .anyMatch(error -> error.startsWith("host_header: Must be a host name"))
                .anyMatch(error -> error.startsWith("healthchecks.active.http_path: Must begin with /"))
                .hasSize(5);
        assertThat(api.post("/v1/upstreams", "{'name': 'a', 'healthchecks': {'active': {'intervall': 1}}}")
                        .expect(422)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("healthchecks.active.intervall");
    }

    @Test
    void anUpstreamThatIsAHostIsNeitherDeletedNorRenamed() {
        Reply created = create("{'name': '" + name + "'}");
        String version = "/v1/services/s/versions/" + name;
        api.put(version, "{}").expect(201);
        api.put(version + "/implementation", "{'url': 'http://" + name + "/base'}")
                .expect(201);
        String user = "is the host of the implementation of s/" + name;
        assertThat(api.delete(path).expect(409).text("/detail")).contains(user);
        assertThat(api.patch(path, "{'name': 'other.upstream'}").expect(409).text("/detail"))
                .contains(user);
        assertThat(api.patch(version, "{'runtime_group': 'europe'}").expect(409).text("/detail"))
                .contains("is served by upstream '" + name + "' of runtime group 'default'");
        api.patch(path, "{'tags': ['x']}").expect(200);
        api.delete(version + "/implementation").expect(204);
        long before = head();
        api.post("/v1/upstreams/" + created.text("/id") + "/targets", "{'target': '127.0.0.1'}")
                .expect(201);
        api.delete(path).expect(204);
        assertThat(head()).isEqualTo(before + 2);
        api.get(path).expect(404);
        Reply restored = api.post("/v1/runtime-groups/default/revisions/" + (before + 1) + "/restore", "{}");
        assertThat(restored.status()).isEqualTo(200);
        assertThat(api.get(path + "/targets").expect(200).text("/data/0/target"))
                .isEqualTo("127.0.0.1:8000");
    }

    @Test
    void aNameIsTakenWithinAGroupAlone() {
        create("{'name': '" + name + "'}");
        assertThat(api.post("/v1/upstreams", "{'name': '" + name + "'}")
                        .expect(409)
                        .text("/detail"))
                .startsWith("The name '" + name + "' is taken");
        create("{'name': '" + name + "', 'runtime_group': 'europe'}");
        assertThat(api.get(path).expect(409).text("/detail")).contains("Use its id");
        assertThat(api.delete("/v1/runtime-groups/europe").expect(409).text("/detail"))
                .contains("upstream " + name);
    }

    @Test
    void replacingGivesDefaultsBackAndCreatesWhatIsNotThere() {
        assertThat(api.put(path, "{'slots': 100}").expect(201).text("/name")).isEqualTo(name);
        Reply replaced = api.put(path, "{}").expect(200);
        assertThat(replaced.body().at("/slots").asInt()).isEqualTo(10_000);
        assertThat(api.put(path, "{}", "If-Match", "\"stale\"").status()).isEqualTo(412);
    }

    @CanIgnoreReturnValue
    private Reply create(String body) {
        return api.post("/v1/upstreams", body).expect(201);
    }

    private long head() {
        return api.get("/v1/runtime-groups/default/revisions?size=1")
                .expect(200)
                .body()
                .at("/data/0/number")
                .asLong();
    }
}
