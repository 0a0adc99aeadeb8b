package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.BufferSettings;
import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing stays of a body that was held on disk, however and whenever its request ends. */
final class EndsOfHeldBodiesTest {
    private static final int MEMORY = 64 * 1024;
    private static final int MOST_OF_IT = 500_000;
    private static final String TAKEN = "{'paths':['/']}";
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\n";

    @TempDir
    Path directory;

    private BufferSettings onDisk() {
        return new BufferSettings(directory, MEMORY, 1L << 30);
    }

    @Test
    void whatWasHeldIsGivenBackAsSoonAsTheAnswerBegins() throws IOException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
                    goOn.await();
                    connection.write("k");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway(onDisk());
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), TAKEN);
            int length = 1 << 20;

            client.send(HEAD + "Content-Length: " + length + "\r\n\r\n" + "x".repeat(length));
            assertThat(client.readToHead().status()).isEqualTo(200);
            HeldFiles.awaitNone(directory, gateway);
            goOn.countDown();

            assertThat(client.readText(2)).isEqualTo("ok");
        }
    }

    /**
     * How a request may end whose body is on disk by then.
     *
     * @param act what the client does after most of its body
     */
    private record Ending(
            String name, int status, ClientLimits limits, String implementation, Consumer<RawClient> act) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Ending> endings() {
        Consumer<RawClient> nothing = client -> {};
        return List.of(
                new Ending("the client goes away", 499, Limits.DEFAULT, "{}", RawClient::hangUp),
                new Ending("it says nonsense", 400, Limits.DEFAULT, "{}", client -> client.send("zz\r\n")),
                new Ending(
                        "it says too much",
                        413,
                        Limits.of("SLUICE_MAX_BODY_BYTES", Integer.toString(MOST_OF_IT)),
                        "{}",
                        client -> client.send("1\r\nx\r\n")),
                new Ending("it says nothing more", 408, Limits.of("SLUICE_CLIENT_BODY_MS", "300"), "{}", nothing),
                new Ending("it takes too long", 504, Limits.DEFAULT, "{'request_timeout':400}", nothing),
                new Ending("nobody listens", 502, Limits.DEFAULT, "{'retries':1}", client -> client.send("0\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void nothingStaysOfABodyHoweverItsRequestEnds(Ending ending) throws IOException {
        try (TestGateway gateway = new TestGateway(ending.limits(), onDisk());
                RawClient client = gateway.client()) {
            Route route = gateway.serve(UpstreamFailureTest.closedPort(), ending.implementation(), TAKEN);

            client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(MOST_OF_IT) + "\r\n"
                    + "x".repeat(MOST_OF_IT) + "\r\n");
            ending.act().accept(client);

            TestGateway.await("recorded", () -> gateway.counted(route, ending.status()) == 1);
            assertThat(gateway.total()).isEqualTo(1);
            assertThat(gateway.attemptsFailed("CONNECT_REFUSED")).isEqualTo(ending.status() == 502 ? 2 : 0);
            HeldFiles.awaitNone(directory, gateway);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesTheUpstreamInPeace() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(onDisk());
                RawClient client = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            Route route = gateway.serve(upstream.port(), TAKEN);

            client.send(HEAD + "Content-Length: 1000000\r\n\r\n" + "x".repeat(999_999));
            TestGateway.await("held", () -> gateway.server().heldOnDisk() >= 999_999 - MEMORY);
            client.hangUp();
            http2.post(1, "/");
            http2.data(1, false, "hel").reset(1, 8);

            TestGateway.await("recorded", () -> gateway.counted(route, 499) == 2);
            assertThat(gateway.get("/after").status()).isEqualTo(200);
            assertThat(upstream.request().path()).isEqualTo("/after");
            assertThat(upstream.connectionCount()).isEqualTo(1);
            HeldFiles.awaitNone(directory, gateway);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @Test
    void anAnswerBeforeTheUpstreamHasTheBodyEndsTheUpload() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.write("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                    synchronized (connection) {
                        while (!connection.socket().isClosed()) {
                            connection.wait(100);
                        }
                    }
                });
                TestGateway gateway = new TestGateway(onDisk());
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), TAKEN);
            byte[] body = new byte[32 << 20];

            client.send(HEAD + "Content-Length: " + body.length + "\r\n\r\n").send(body);

            assertThat(client.read().status()).isEqualTo(403);
            HeldFiles.awaitNone(directory, gateway);
            assertThat(gateway.counted(route, 403)).isEqualTo(1);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read().status())
                    .as("the connection serves on")
                    .isEqualTo(403);
        }
    }
}
