package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.BufferSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are held for clients that are slower than their upstreams: {@code response_buffering}. */
final class BufferingTest {
    private static final int LENGTH = 64 << 20;

    /** What the sockets between may hold. */
    private static final long MOST_ON_THE_WAY = 32L << 20;

    private static final byte[] BODY = new byte[LENGTH];

    static {
        new Random(6).nextBytes(BODY);
    }

    @TempDir
    Path directory;

    private final AtomicLong offered = new AtomicLong();

    private RawUpstream upstream(String framing) {
        boolean chunked = framing.startsWith("Transfer");
        return new RawUpstream(connection -> {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
            for (int from = 0; from < LENGTH; from += 1 << 16) {
                connection.write(chunked ? "10000\r\n" : "");
                connection.write(Arrays.copyOfRange(BODY, from, from + (1 << 16)));
                connection.write(chunked ? "\r\n" : "");
                offered.addAndGet(1 << 16);
            }
            connection.write(chunked ? "0\r\nX-Trailer: 1\r\n\r\n" : "");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: " + LENGTH, "Transfer-Encoding: chunked", "Connection: close"})
    void theUpstreamIsDoneBeforeASlowClientReads(String framing) {
        try (RawUpstream upstream = upstream(framing);
                TestGateway gateway = new TestGateway(new BufferSettings(directory, 64 * 1024, 1L << 30));
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await(
                    "all of it is held", () -> offered.get() == LENGTH && gateway.gauge("sluice.attempts.active") == 0);
            assertThat(gateway.server().heldOnDisk()).isBetween(LENGTH / 2L, (long) LENGTH);
            RawResponse answer = client.read();

            assertThat(answer.complete()).isTrue();
            assertThat(answer.body().getBytes()).isEqualTo(BODY);
            assertThat(answer.trailers().get("X-Trailer")).isEqualTo(framing.startsWith("Transfer") ? "1" : null);
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 1);
            TestGateway.await("given back", () -> gateway.server().heldOnDisk() == 0);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void whatIsHeldIsBounded() {
        try (RawUpstream upstream = upstream("Content-Length: " + LENGTH);
                TestGateway gateway = new TestGateway(new BufferSettings(directory, 64 * 1024, 1 << 20));
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await("no more may be held", () -> gateway.server().heldOnDisk() >= 1 << 20);
            TestGateway.awaitStandstill(offered::get);

            assertThat(offered.get()).isLessThan(MOST_ON_THE_WAY);
            assertThat(gateway.server().heldOnDisk()).isBetween(1L << 20, 2L << 20); // and what was under way
            assertThat(client.read().body().getBytes()).isEqualTo(BODY);
        }
    }

    @Test
    void withoutADiskTheUpstreamWaits() {
        Path nowhere = directory.resolve("nowhere");
        try (RawUpstream upstream = upstream("Content-Length: " + LENGTH);
                TestGateway gateway = new TestGateway(new BufferSettings(nowhere, 64 * 1024, 1L << 30));
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.awaitStandstill(offered::get);

            assertThat(offered.get()).isLessThan(MOST_ON_THE_WAY);
            assertThat(client.read().body().getBytes()).isEqualTo(BODY);
        }
    }

    @Test
    void withoutAnyBufferASlowClientGetsEverythingNevertheless() {
        try (RawUpstream upstream = upstream("Content-Length: " + LENGTH);
                TestGateway gateway = new TestGateway(new BufferSettings(directory, 0, 0));
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.awaitStandstill(offered::get);

            assertThat(client.read().body().getBytes()).isEqualTo(BODY);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNoFile() {
        try (RawUpstream upstream = upstream("Content-Length: " + LENGTH);
                TestGateway gateway = new TestGateway(new BufferSettings(directory, 64 * 1024, 1L << 30));
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await("all of it is held", () -> offered.get() == LENGTH);
            client.hangUp();

            TestGateway.await("given back", () -> gateway.server().heldOnDisk() == 0);
            assertThat(directory).isEmptyDirectory();
            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 1);
        }
    }
}
