package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OverloadTest {
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
