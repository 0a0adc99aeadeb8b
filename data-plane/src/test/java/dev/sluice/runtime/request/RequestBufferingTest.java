package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.BufferSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are taken whole before anything of their request goes upstream: {@code request_buffering}. */
final class RequestBufferingTest {
    private static final int MEMORY = 64 * 1024;
    private static final String TAKEN = "{'paths':['/']}";
    private static final String STREAMED = "{'paths':['/'],'request_buffering':false}";
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String[] POST = {":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/"};

    @TempDir
    Path directory;

    private BufferSettings onDisk(long bytes) {
        return new BufferSettings(directory, MEMORY, bytes);
    }

    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(7).nextBytes(octets);
        return octets;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(TestGateway.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingGoesUpstreamBeforeTheLastOctetIsThere(boolean chunked) {
        String body = text(octets(8 << 20));
        String begun = body.substring(0, body.length() - 1);
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(onDisk(1L << 30));
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), TAKEN);

            client.send(
                    chunked ? CHUNKED + chunk(begun) : HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + begun);
            TestGateway.await("what came is held", () -> gateway.server().heldOnDisk() >= begun.length() - MEMORY);
            assertThat(gateway.server().heldOnDisk()).isLessThanOrEqualTo(begun.length());
            assertThat(gateway.gauge("sluice.attempts.active")).isZero();
            assertThat(upstream.connectionCount()).isZero();
            assertThat(directory).as("files have no name").isEmptyDirectory();
            client.send(chunked ? chunk(body.substring(begun.length())) + "0\r\n\r\n" : body.substring(begun.length()));

            assertThat(client.read().status()).isEqualTo(200);
            RawUpstream.Request request = upstream.request();
            assertThat(request.body().equals(body)).as("octet by octet").isTrue();
            assertThat(request.header("content-length")).isEqualTo(Integer.toString(body.length()));
            assertThat(request.header("transfer-encoding")).isNull();
            assertThat(gateway.counted(route, 200)).isEqualTo(1);
            HeldFiles.awaitNone(directory, gateway);
        }
    }

    /** What a client sends over one connection is read in its order, so an answer tells how far that is. */
    @Test
    void overHttp2NeitherDoesAShortOne() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), TAKEN);

            client.headers(1, false, POST).data(1, false, "hel");
            assertThat(client.get(3, "/between").reply(3).status()).isEqualTo(200);
            assertThat(upstream.request().path()).isEqualTo("/between");
            assertThat(client.data(1, true, "lo").reply(1).status()).isEqualTo(200);

            RawUpstream.Request posted = upstream.requests().get(1);
            assertThat(posted.body()).isEqualTo("hello");
            assertThat(posted.header("content-length")).isEqualTo("5");
        }
    }

    @Test
    void aLongOneOverHttp2ComesWhole() {
        Buffer body = Buffer.buffer(octets(8 << 20));
        Vertx vertx = Vertx.vertx();
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(onDisk(1L << 30))) {
            gateway.serve(upstream.port(), TAKEN);
            HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setDefaultHost("127.0.0.1")
                    .setDefaultPort(gateway.port()));

            int status = client.request(HttpMethod.POST, "/")
                    .compose(request -> request.send(body))
                    .map(HttpClientResponse::statusCode)
                    .await();
            client.close().await();

            assertThat(status).isEqualTo(200);
            assertThat(upstream.request().body().equals(text(body.getBytes()))).isTrue();
            HeldFiles.awaitNone(directory, gateway);
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void chunksOfAnySizeArePutTogether() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(onDisk(1L << 30));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), TAKEN);
            StringBuilder sent = new StringBuilder(CHUNKED);
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < 400; i++) {
                String piece = String.valueOf((char) ('a' + i % 26)).repeat(i % 40 == 39 ? 5_000 : 1 + i % 3);
                sent.append(chunk(piece));
                body.append(piece);
            }

            assertThat(client.send(sent + "0\r\n\r\n").read().status()).isEqualTo(200);
            assertThat(client.send(CHUNKED + "0\r\n\r\n").read().status()).isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RawUpstream.Request::body)
                    .containsExactly(body.toString(), "");
            assertThat(upstream.requests())
                    .extracting(request -> request.header("content-length"))
                    .containsExactly(Integer.toString(body.length()), "0");
        }
    }

    /** A client here sends its last octet only when the upstream has the first ones. */
    @Test
    void withoutItABodyGoesUpstreamAsItComes() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawUpstream upstream = seeing("3\r\nhel", begun);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), STREAMED);

            client.send(CHUNKED + "3\r\nhel\r\n");
            await(begun);

            assertThat(client.send("2\r\nlo\r\n0\r\n\r\n").read().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallOfGrpcGoesUpstreamAsItComesInAnyCase() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawUpstream upstream = seeing("3\r\nhel", begun);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), TAKEN);

            String[] call = Stream.concat(Stream.of(POST), Stream.of("content-type", "application/grpc"))
                    .toArray(String[]::new);
            client.headers(1, false, call).data(1, false, "hel");
            await(begun);

            assertThat(client.data(1, true, "lo").reply(1).status()).isEqualTo(200);
        }
    }

    /** Tells when this is how a body begins, and answers whatever follows. */
    private static RawUpstream seeing(String beginning, CountDownLatch begun) {
        return new RawUpstream(connection -> {
            connection.head();
            assertThat(connection.in().readNBytes(beginning.length()))
                    .isEqualTo(beginning.getBytes(StandardCharsets.ISO_8859_1));
            begun.countDown();
            String seen = "";
            while (!seen.endsWith("0\r\n\r\n")) {
                seen += (char) connection.in().read();
            }
            connection.write(RawUpstream.OK);
            connection.awaitEnd();
        });
    }

    /** The length is not known, so it is taken until there is no more room. */
    @Test
    void whatIsLongerThanMayBeHeldIsStreamedFromThereOn() throws Exception {
        String first = text(octets(4 << 20));
        CountDownLatch seen = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    StringBuilder body = new StringBuilder();
                    while (body.length() < first.length()) {
                        body.append(text(connection.in().readNBytes(chunkSize(connection))));
                        connection.in().skipNBytes(2);
                    }
                    assertThat(body.toString().equals(first)).isTrue();
                    seen.countDown();
                    assertThat(connection.in().readNBytes(13)).asString().isEqualTo("3\r\nend\r\n0\r\n\r\n");
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway(onDisk(1 << 20));
                RawClient client = gateway.client()) {
            Route route = gateway.serve(upstream.port(), TAKEN);

            client.send(CHUNKED);
            for (int from = 0; from < first.length(); from += MEMORY) {
                client.send(chunk(first.substring(from, from + MEMORY)));
            }
            await(seen);
            HeldFiles.awaitNone(directory, gateway);

            assertThat(client.send(chunk("end") + "0\r\n\r\n").read().status()).isEqualTo(200);
            assertThat(gateway.counted(route, 200)).isEqualTo(1);
        }
    }

    private static int chunkSize(RawUpstream.Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.in().read();
                next != '\r';
                next = connection.in().read()) {
            line.append((char) next);
        }
        connection.in().skipNBytes(1);
        return Integer.parseInt(line.toString(), 16);
    }

    @Test
    void whatIsKnownToBeLongerIsStreamedFromItsBeginning() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        int length = MEMORY + (1 << 20) + 1;
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    assertThat(connection.in().read()).isEqualTo('x');
                    begun.countDown();
                    connection.in().skipNBytes(length - 1);
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway(onDisk(1 << 20));
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), TAKEN);

            client.send(HEAD + "Expect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n");
            assertThat(client.readText(12)).isEqualTo("HTTP/1.1 100");
            client.send("x");
            await(begun);

            assertThat(client.send("x".repeat(length - 1)).readText(13)).isEqualTo(" Continue\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no disk", "a directory that is not there", "nothing at all"})
    void withoutADiskEverythingComesNevertheless(String without) {
        BufferSettings settings =
                switch (without) {
                    case "no disk" -> onDisk(0);
                    case "nothing at all" -> new BufferSettings(directory, 0, 0);
                    default -> new BufferSettings(directory.resolve("nowhere"), MEMORY, 1L << 30);
                };
        String body = text(octets(2 << 20));
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(settings);
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), TAKEN);

            assertThat(client.send(CHUNKED + chunk(body) + "0\r\n\r\n").read().status())
                    .isEqualTo(200);
            assertThat(client.send(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.requests()).hasSize(2).allMatch(request -> request.body()
                    .equals(body));
            HeldFiles.awaitNone(directory, gateway);
        }
    }
}
