package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OverloadTest {
    /** More requests than the two event loops have connections for. */
    @Test
    void whoWaitsTooLongForAConnectionIsTurnedAwayForGood() {
        CountDownLatch never = new CountDownLatch(1);
        List<RawClient> hanging = new ArrayList<>();
        try (RawUpstream hung = new RawUpstream(connection -> {
                    connection.request();
                    never.await();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(hung.port(), "{'connect_timeout':1000,'retries':5}", "{'paths':['/']}");
            for (int i = 1; i <= 1024; i++) {
                int asked = i;
                hanging.add(gateway.client().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
                TestGateway.await("asked", () -> hung.requests().size() == asked);
            }

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(gateway.attemptsFailed("OVERLOAD")).isEqualTo(1);
            assertThat(gateway.attemptsFailed("CONNECT_TIMEOUT")).isZero();
            hanging.forEach(RawClient::close);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
            never.countDown();
        }
    }

    @Test
    void aHungUpstreamDoesNotHoldUpTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        List<RawClient> hanging = new ArrayList<>();
        try (RawUpstream hung = new RawUpstream(connection -> {
                    connection.request();
                    asked.incrementAndGet();
                    never.await();
                });
                RawUpstream fine = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(hung.port(), "{'paths':['/hung']}");
            gateway.serve(fine.port(), "{'paths':['/fine']}");
            for (int i = 0; i < 100; i++) {
                hanging.add(gateway.client().send("GET /hung HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            TestGateway.await("all hang", () -> asked.get() == 100);

            assertThat(gateway.get("/fine").status()).isEqualTo(200);
            assertThat(gateway.server().inFlight()).isGreaterThanOrEqualTo(100);

            hanging.forEach(RawClient::close);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
            assertThat(gateway.requestsFailed("CLIENT_GONE")).isEqualTo(100);
            never.countDown();
        }
    }
}
