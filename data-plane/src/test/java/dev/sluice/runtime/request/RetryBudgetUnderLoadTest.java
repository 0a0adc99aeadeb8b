package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An upstream that is down gets no multiple of its load. */
final class RetryBudgetUnderLoadTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS_OF_EACH = 300;
    private static final int REQUESTS = CLIENTS * REQUESTS_OF_EACH;
    private static final int RETRIES = 5;

    /** Retries that each event loop may always make, in ten seconds. */
    private static final int FLOOR = 100;

    private static final int EVENT_LOOPS = 2;

    @Test
    void whatRefusesEveryConnectionIsTriedAFifthMoreOftenThanAsked() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try (TestGateway gateway = new TestGateway()) {
            Route route =
                    gateway.serve(UpstreamFailureTest.closedPort(), "{'retries':" + RETRIES + "}", "{'paths':['/']}");
            long began = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(gateway.client());
            }
            for (int i = 0; i < REQUESTS_OF_EACH; i++) {
                clients.forEach(client -> client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
                for (RawClient client : clients) {
                    assertThat(client.read().status()).isEqualTo(502);
                }
            }
            long tenSeconds = 1 + (System.nanoTime() - began) / 10_000_000_000L; // or parts of them

            assertThat(gateway.counted(route, 502)).isEqualTo(REQUESTS);
            double attempts = gateway.counter("sluice.attempts");
            double retries = attempts - REQUESTS;
            double fewest = FLOOR; // however unevenly the clients are spread
            assertThat(retries).isBetween(fewest, 0.2 * REQUESTS + FLOOR * EVENT_LOOPS * tenSeconds);
            assertThat(gateway.attemptsFailed("CONNECT_REFUSED")).isEqualTo(attempts);
            // A request ends when a retry of its is refused, or when it has had all of them.
            assertThat(gateway.counter("sluice.retries.refused"))
                    .isBetween(REQUESTS - retries / RETRIES, (double) REQUESTS);
        } finally {
            clients.forEach(RawClient::close);
        }
    }
}
