package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackPressureTest {
    private static final long LARGE = 200L * 1024 * 1024;

    /** What the sockets between may hold; far below what was offered. */
    private static final long MOST_ON_THE_WAY = 32L * 1024 * 1024;

    private static final String UNBUFFERED = "{'paths':['/'],'response_buffering':false}";
    private static final byte[] PIECE = new byte[64 * 1024];

    @Test
    void aClientThatDoesNotReadStopsTheUpstream() throws IOException {
        AtomicLong offered = new AtomicLong();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                    while (offered.get() < LARGE) {
                        connection.write(PIECE);
                        offered.addAndGet(PIECE.length);
                    }
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            Route route = gateway.serve(upstream.port(), "{'read_timeout':1500}", UNBUFFERED);

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.awaitStandstill(offered::get, Duration.ofSeconds(2));

            assertThat(offered.get()).isLessThan(MOST_ON_THE_WAY);
            assertThat(readAll(client.socket().getInputStream())).isGreaterThan(LARGE);
            assertThat(offered.get()).isEqualTo(LARGE);
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 1);
            assertThat(gateway.requestsFailed("READ_TIMEOUT")).isZero();
        }
    }

    @Test
    void anOldClientThatDoesNotReadStopsTheUpstreamToo() throws IOException {
        AtomicLong offered = new AtomicLong();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (offered.get() < LARGE) {
                        connection.write(Integer.toHexString(PIECE.length) + "\r\n");
                        connection.write(PIECE);
                        connection.write("\r\n");
                        offered.addAndGet(PIECE.length);
                    }
                    connection.write("0\r\n\r\n");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            gateway.serve(upstream.port(), UNBUFFERED);

            client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
            TestGateway.awaitStandstill(offered::get);

            assertThat(offered.get()).isLessThan(MOST_ON_THE_WAY);
            assertThat(readToEnd(client.socket().getInputStream())).isGreaterThan(LARGE);
        }
    }

    /** Vert.x throws away what it holds for a reader that is slow when the connection ends. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 67108864", "Transfer-Encoding: chunked", "Connection: close"})
    void aSlowClientGetsTheWholeAnswerOfAnUpstreamThatIsGone(String framing) throws IOException {
        int length = 64 << 20;
        boolean chunked = framing.startsWith("Transfer");
        AtomicLong offered = new AtomicLong();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
                    while (offered.get() < length) {
                        connection.write(chunked ? "10000\r\n" : "");
                        connection.write(PIECE);
                        connection.write(chunked ? "\r\n" : "");
                        offered.addAndGet(PIECE.length);
                    }
                    connection.write(chunked ? "0\r\n\r\n" : "");
                });
                TestGateway gateway = new TestGateway();
                RawClient client = new RawClient(gateway.port(), 64 * 1024)) {
            Route route = gateway.serve(upstream.port(), UNBUFFERED);

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.awaitStandstill(offered::get);
            RawResponse answer = client.read();

            assertThat(answer.complete()).isTrue();
            assertThat(answer.body().length()).isEqualTo(length);
            TestGateway.await("recorded", () -> gateway.counted(route, 200) == 1);
            assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isZero();
        }
    }

    @Test
    void anUpstreamThatDoesNotReadStopsTheClient() {
        AtomicLong sent = new AtomicLong();
        CountDownLatch mayRead = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    mayRead.await();
                    connection.in().skipNBytes(LARGE);
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");
            Thread uploading = new Thread(() -> {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + LARGE + "\r\n\r\n");
                while (sent.get() < LARGE) {
                    client.send(PIECE);
                    sent.addAndGet(PIECE.length);
                }
            });
            uploading.setDaemon(true);
            uploading.start();

            TestGateway.awaitStandstill(sent::get);

            assertThat(sent.get()).isLessThan(MOST_ON_THE_WAY);
            mayRead.countDown();
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(sent.get()).isEqualTo(LARGE);
        }
    }

    /** Reads a header section and as much as it announces. */
    private static long readAll(InputStream in) throws IOException {
        long read = 0;
        byte[] buffer = new byte[1 << 20];
        while (read < LARGE + 50) {
            int next = in.read(buffer);
            if (next < 0) {
                throw new IOException("Cut after " + read);
            }
            read += next;
        }
        return read;
    }

    private static long readToEnd(InputStream in) {
        try {
            long read = 0;
            byte[] buffer = new byte[1 << 20];
            for (int next = in.read(buffer); next >= 0; next = in.read(buffer)) {
                read += next;
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
