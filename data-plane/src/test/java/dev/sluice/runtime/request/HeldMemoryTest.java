package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.Test;

/** Memory that a connection holds while it is not read. */
final class HeldMemoryTest {
    private static final int CONNECTIONS = 200;
    private static final int OCTETS = 200_000;

    /** Bytes: more than is kept in reserve, and less than half of what goes over all connections. */
    private static final long LITTLE = 16L << 20;

    @Test
    void isGivenBackWhenItsClientGoes() {
        try (RawUpstream upstream = new RawUpstream(RawUpstream.Connection::awaitEnd);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            String ahead =
                    "GET / HTTP/1.1\r\nHost: h\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
                            + "x".repeat(OCTETS);
            long before = PlatformDependent.usedDirectMemory();

            for (int i = 1; i <= CONNECTIONS; i++) {
                int asked = i;
                try (RawClient client = gateway.client()) {
                    client.send(ahead);
                    TestGateway.await("asked", () -> upstream.connectionCount() == asked);
                }
            }

            TestGateway.await("all are gone", () -> gateway.server().inFlight() == 0);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(LITTLE);
        }
    }
}
