package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.model.settings.HostPort;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** While the database is waited for, probes get an answer and everybody else is told to come again. */
@ExtendWith(VertxExtension.class)
class StartingTest {
    @Test
    void aControlPlaneThatWaitsForItsDatabaseIsLiveAndNotReady(Vertx vertx) throws TimeoutException {
        ApiServer server = ApiServer.listen(vertx, new HostPort("127.0.0.1", 0)).await(10, TimeUnit.SECONDS);
        ApiClient api = new ApiClient("http://127.0.0.1:" + server.port(), "any", ContractedAnswers.ofThisRelease());
        api.get("/health/live").expect(200);
        api.get("/health/ready").expect(503);
        Reply refused = api.get("/v1/services").expect(503);
        assertThat(refused.header("Retry-After")).isEqualTo("2");
        assertThat(refused.text("/detail")).contains("is starting");
    }
}
