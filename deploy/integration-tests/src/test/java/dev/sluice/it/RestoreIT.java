package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An earlier revision comes back as a new one, with what has been deleted since. */
class RestoreIT {
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void anEarlierRevisionIsServedAgainOnEveryRuntime() {
        SLUICE.declare("restored", "", Map.of("name", "kept", "paths", List.of("/kept")));
        long earlier = SLUICE.headRevision(0);
        String service = SLUICE.api()
                .get("/v1/services/restored")
                .require(200)
                .body()
                .path("id")
                .asText();

        SLUICE.api().waiting(5).delete("/v1/services/restored").require(200);
        for (Member runtime : SLUICE.runtimes()) {
            assertThat(Http.get(runtime.address("/kept")).statusCode()).isEqualTo(404);
        }

        SLUICE.api()
                .waiting(5)
                .post("/v1/runtime-groups/default/revisions/" + earlier + "/restore", Map.of())
                .require(200);

        for (Member runtime : SLUICE.runtimes()) {
            HttpResponse<String> answer = Http.get(runtime.address("/kept"));
            assertThat(answer.statusCode()).as(runtime.name()).isEqualTo(200);
        }
        assertThat(SLUICE.headRevision(0)).isEqualTo(earlier + 2);
        assertThat(SLUICE.api()
                        .get("/v1/services/restored")
                        .require(200)
                        .body()
                        .path("id")
                        .asText())
                .isEqualTo(service);
    }
}
