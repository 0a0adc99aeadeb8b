package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Entity tags: reads that have not changed are not sent again, writes on a stale view are refused. */
class ConditionalRequestsTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final String VERSION = "/v1/services/tagged/versions/v1";

    private final ApiClient api = controlPlane.client();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/services", "{'name': 'tagged', 'version': 'v1'}").expect(201);
        api.post(VERSION + "/implementation", "{'url': 'http://localhost:9', 'route': {'name': 'r', 'paths': ['/r']}}")
                .expect(201);
    }

    @Test
    void aReadThatHasNotChangedIsAnswered304() {
        for (String path : new String[] {"/v1/services/tagged", VERSION, VERSION + "/implementation", "/v1/routes/r"}) {
            String etag = api.get(path).expect(200).header("ETag");
            assertThat(etag).startsWith("\"");
            Reply unchanged = api.get(path, "If-None-Match", etag).expect(304);
            assertThat(unchanged.raw().body()).isEmpty();
            assertThat(unchanged.header("ETag")).isEqualTo(etag);
            api.get(path, "If-None-Match", "\"other\", W/" + etag).expect(304);
            api.get(path, "If-None-Match", "\"other\"").expect(200);
        }
    }

    @Test
    void aWriteAnswersTheTagThatTheNextReadHas() {
        Reply written = api.patch(VERSION + "/implementation", "{'retries': 3}").expect(200);
        assertThat(api.get(VERSION + "/implementation").header("ETag")).isEqualTo(written.header("ETag"));
    }

    @Test
    void aWriteOnAStaleViewIsRefusedAndChangesNothing() {
        String stale = api.get("/v1/routes/r").header("ETag");
        api.patch("/v1/routes/r", "{'regex_priority': 7}", "If-Match", stale).expect(200);

        Reply refused = api.patch("/v1/routes/r", "{'regex_priority': 8}", "If-Match", stale)
                .expect(412);
        assertThat(refused.text("/detail")).contains("changed since " + stale);
        api.put("/v1/routes/r", "{'paths': ['/x']}", "If-Match", stale).expect(412);
        api.delete("/v1/routes/r", "If-Match", stale).expect(412);
        assertThat(api.get("/v1/routes/r").body().at("/regex_priority").asInt()).isEqualTo(7);
        api.patch("/v1/services/tagged", "{'description': 'x'}", "If-Match", "\"no\"")
                .expect(412);
        api.patch(VERSION, "{'name': 'v2'}", "If-Match", "\"no\"").expect(412);
        api.delete(VERSION + "/implementation", "If-Match", "\"no\"").expect(412);
        api.patch("/v1/routes/r", "{'regex_priority': 9}", "If-Match", "*").expect(200);
    }

    @Test
    void aVersionsTagChangesWithWhatItHolds() {
        String before = api.get(VERSION).header("ETag");
        api.patch("/v1/routes/r", "{'tags': ['new']}").expect(200);
        assertThat(api.get(VERSION).header("ETag")).isNotEqualTo(before);
    }

    @Test
    void putCanBeKeptFromReplacingAndFromCreating() {
        api.put("/v1/services/tagged", "{}", "If-None-Match", "*").expect(412);
        api.put("/v1/services/absent", "{}", "If-Match", "*").expect(412);
        api.get("/v1/services/absent").expect(404);
        api.put("/v1/services/fresh", "{}", "If-None-Match", "*").expect(201);
        api.put("/v1/runtime-groups/fresh", "{}", "If-None-Match", "*").expect(201);
        api.put("/v1/runtime-groups/fresh", "{}", "If-None-Match", "*").expect(412);
    }

    @Test
    void headAnswersAsGetWithoutTheBody() {
        Reply get = api.get("/v1/services/tagged").expect(200);
        Reply head = api.send("HEAD", "/v1/services/tagged", null).expect(200);
        assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
        assertThat(head.raw().body()).isEmpty();
    }
}
