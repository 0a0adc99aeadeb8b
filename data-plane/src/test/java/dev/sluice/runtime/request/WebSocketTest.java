package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.MadeCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket through the gateway, with clients and upstreams that others wrote, and with raw bytes. */
@TestInstance(Lifecycle.PER_CLASS)
final class WebSocketTest {
    private static final String UPGRADE = RawUpstream.lines(
            "GET /ws HTTP/1.1",
            "Host: example.com",
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "");
    private static final String SWITCHED = RawUpstream.lines(
            "HTTP/1.1 101 Switching Protocols",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "");
    private static final int LARGE = 64 * 1024 * 1024;
    private static final int MOST_ON_THE_WAY = 32 * 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient jdks = HttpClient.newHttpClient();
    private final HttpClient jdksOverTls =
            HttpClient.newBuilder().sslContext(TlsClient.context()).build();
    private final TestGateway gateway = new TestGateway();
    private final HttpServer echo = echo(new HttpServerOptions());
    private final HttpServer secureEcho = echo(new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(io.vertx.core.net.SelfSignedCertificate.create().keyCertOptions()));

    @BeforeAll
    void serve() {
        gateway.serve(echo.actualPort(), "{'paths':['/echo']}");
        gateway.serve(secureEcho.actualPort(), "{'protocol':'https','tls_verify':false}", "{'paths':['/secure']}");
    }

    @AfterAll
    void close() {
        gateway.close();
        vertx.close().await();
    }

    private HttpServer echo(HttpServerOptions options) {
        return vertx.createHttpServer(options.setPort(0)
                        .setHost("127.0.0.1")
                        .setMaxWebSocketFrameSize(8 << 20)
                        .setMaxWebSocketMessageSize(8 << 20)
                        .addWebSocketSubProtocol("chat.v2"))
                .webSocketHandler(WebSocketTest::echo)
                .listen()
                .await();
    }

    private static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() && frame.isFinal() && frame.textData().equals("close")) {
                socket.close((short) 4321, "as asked");
            } else if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                socket.writeFrame(frame);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/secure"})
    void whatTheJdksClientSaysComesBackAsItWasSaid(String path) throws Exception {
        Talk talk = new Talk();
        WebSocket socket = jdks.newWebSocketBuilder()
                .subprotocols("chat.v9", "chat.v2")
                .buildAsync(uri(path), talk)
                .get(20, TimeUnit.SECONDS);
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);

        assertThat(socket.getSubprotocol()).isEqualTo("chat.v2");
        socket.sendText("whole", true).get();
        assertThat(talk.next()).isEqualTo("text whole");
        socket.sendText("in ", false).get();
        socket.sendText("three ", false).get();
        socket.sendText("frames", true).get();
        assertThat(talk.next()).isEqualTo("text in three frames");
        socket.sendBinary(ByteBuffer.wrap(large), true).get();
        assertThat(talk.next()).isEqualTo("binary " + Arrays.hashCode(large));
        socket.sendPing(ByteBuffer.wrap("are you there".getBytes(StandardCharsets.US_ASCII)))
                .get();
        assertThat(talk.next()).isEqualTo("pong are you there");
        socket.sendClose(4999, "enough").get();
        assertThat(talk.next()).isEqualTo("close 4999 enough");
    }

    @Test
    void theSameIsSaidOverTls() throws Exception {
        try (TlsGateway secure = new TlsGateway()) {
            Route route = secure.route(echo.actualPort(), "{'paths':['/echo'],'protocols':['https']}");
            secure.sni("*", secure.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
            secure.swap();
            Talk talk = new Talk();
            WebSocket socket = jdksOverTls
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("wss://127.0.0.1:" + secure.port() + "/echo"), talk)
                    .get(20, TimeUnit.SECONDS);

            socket.sendText("in secret", true).get(20, TimeUnit.SECONDS);
            assertThat(talk.next()).isEqualTo("text in secret");
            assertThat(secure.gateway().counted(route, 101)).isEqualTo(1);
            socket.sendText("close", true).get(20, TimeUnit.SECONDS);
            assertThat(talk.next()).isEqualTo("close 4321 as asked");
            TestGateway.await("ended", () -> secure.gateway().server().inFlight() == 0);
        }
    }

    @Test
    void theUpstreamsCloseCodeReachesVertxsClient() {
        LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
        var client = vertx.createWebSocketClient(new WebSocketClientOptions().setTryUsePerMessageCompression(true));
        var socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(gateway.port())
                        .setURI("/echo"))
                .await();
        socket.closeHandler(now -> closed.add(socket.closeStatusCode() + " " + socket.closeReason()));
        socket.writeTextMessage("close").await();

        assertThat(taken(closed)).isEqualTo("4321 as asked");
        client.close().await(); // one that nobody holds any more may be closed at any time
    }

    @Test
    void aSwitchedConnectionIsRecordedOnceAndForgottenAtItsEnd() throws Exception {
        try (TestGateway own = new TestGateway()) {
            Route route = own.serve(echo.actualPort(), "{'paths':['/echo']}");
            WebSocket socket = jdks.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + own.port() + "/echo"), new Talk())
                    .get(20, TimeUnit.SECONDS);

            assertThat(own.counted(route, 101)).isEqualTo(1);
            assertThat(own.server().inFlight()).isEqualTo(1);
            socket.sendClose(1000, "").get();
            TestGateway.await("ended", () -> own.server().inFlight() == 0);

            assertThat(own.total()).isEqualTo(1);
            TestGateway.await(
                    "no connection is left",
                    () -> own.gauge("sluice.client.connections") == 0
                            && own.gauge("sluice.upstream.connections") == 0
                            && own.gauge("sluice.attempts.active") == 0);
        }
    }

    @Test
    void refusedUpgradesAreAnsweredInFullAndLeakNothing() {
        String refusal =
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 4\r\n\r\nwho?";
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        connection.write(request.header("upgrade") == null ? RawUpstream.OK : refusal);
                    }
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            Route route = own.serve(upstream.port(), "{'paths':['/']}");
            for (int i = 0; i < 600; i++) { // more than there may be connections
                RawResponse answer = client.send(UPGRADE).read();
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.header("www-authenticate")).isEqualTo("Basic realm=\"x\"");
                assertThat(answer.text()).isEqualTo("who?");
            }
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("ok");
            }
            assertThat(own.counted(route, 401)).isEqualTo(600);
            assertThat(own.gauge("sluice.attempts.active")).isZero();
            TestGateway.await("closed", () -> own.gauge("sluice.upstream.connections") <= 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            })
    void aSwitchToSomethingElseIs502AndTheConnectionIsClosed(String answer) {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(answer);
                    connection.awaitEnd();
                    ended.countDown();
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'retries':0}", "{'paths':['/']}");

            assertThat(client.send(UPGRADE).read().status()).isEqualTo(502);
            TestGateway.await(
                    "closed",
                    () -> ended.getCount() == 0 || upstream.connections().get(0).broken);
        }
    }

    @Test
    void aSwitchIsMadeAfterWhatCameBeforeIt() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 102 Processing\r\n\r\n" + SWITCHED + "at once ");
                    connection.write(connection.in().readNBytes(4));
                    connection.awaitEnd();
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");

            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(102);
            assertThat(client.read(false).status()).isEqualTo(101);
            assertThat(client.send("echo").readText(12)).isEqualTo("at once echo");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c", "Upgrade: websocket, x", "Upgrade: TLS/1.2", "Upgrade: websockets"})
    void otherUpgradesAreNotPassedOn(String upgrade) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway own = new TestGateway()) {
            own.serve(upstream.port(), "{'paths':['/']}");

            assertThat(own.get("/", "Connection: Upgrade", upgrade).status()).isEqualTo(200);
            assertThat(upstream.request().header("upgrade")).isNull();
            assertThat(upstream.request().header("connection")).isNull();
        }
    }

    /** What is no WebSocket frame at all passes too: nothing is parsed, so nothing can be understood differently. */
    @Test
    void everyByteReachesTheOtherSideAsItIs() throws IOException {
        byte[] toUpstream = new byte[300_000];
        byte[] toClient = new byte[700_000];
        new Random(2).nextBytes(toUpstream);
        new Random(3).nextBytes(toClient);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED + "at once ");
                    connection.write(toClient);
                    seen.writeBytes(connection.in().readNBytes(toUpstream.length));
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");

            RawResponse head = client.send(UPGRADE).read(false);
            client.send(toUpstream);
            byte[] received = client.in().readAllBytes();

            assertThat(head.status()).isEqualTo(101);
            assertThat(head.header("sec-websocket-extensions")).isEqualTo("permessage-deflate");
            assertThat(head.header("upgrade")).isEqualTo("websocket");
            assertThat(head.header("connection")).isEqualToIgnoringCase("upgrade");
            assertThat(head.header("transfer-encoding")).isNull();
            assertThat(received)
                    .startsWith("at once ".getBytes(StandardCharsets.US_ASCII))
                    .endsWith(toClient);
            assertThat(received).hasSize("at once ".length() + toClient.length);
            assertThat(seen.toByteArray()).isEqualTo(toUpstream);
            assertThat(upstream.request().header("sec-websocket-key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(upstream.request().header("connection")).isEqualToIgnoringCase("upgrade");
        }
    }

    /** RFC 6455 section 5: frames as they should be and as they should not; which is which is for the upstream to say. */
    @ParameterizedTest
    @CsvSource({
        "text, 1, 5, false",
        "empty text, 1, 0, false",
        "longest of one length octet, 2, 125, false",
        "shortest of two more, 2, 126, false",
        "longest of two more, 2, 65535, false",
        "shortest of eight more, 2, 65536, false",
        "several megabytes, 2, 5000000, false",
        "fragmented text, 1, 1000, true",
        "fragmented binary, 2, 200000, true",
        "ping, 9, 125, false",
        "ping that is too long, 9, 126, false",
        "fragmented ping, 9, 10, true",
        "pong that nobody asked for, 10, 3, false",
        "close, 8, 2, false",
        "close of one octet, 8, 1, false",
        "close with a reason, 8, 50, false",
        "reserved opcode, 3, 7, false",
        "reserved control opcode, 11, 7, false",
        "compressed, 65, 30, false",
        "reserved bits, 113, 30, false",
    })
    void theSameFramesReachTheUpstreamDirectlyAndThroughTheGateway(
            String name, int flagsAndOpcode, int length, boolean fragmented) throws Exception {
        byte[] sent = frames(flagsAndOpcode, length, fragmented);
        LinkedBlockingQueue<Buffer> seen = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED);
                    byte[] read = connection.in().readNBytes(sent.length);
                    seen.add(Buffer.buffer(read));
                    connection.write(read);
                });
                RawClient direct = new RawClient(upstream.port());
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");
            for (RawClient each : List.of(direct, client)) {
                assertThat(each.send(UPGRADE).read(false).status()).isEqualTo(101);
                each.send(sent);

                Buffer arrived = seen.poll(20, TimeUnit.SECONDS);
                assertThat(arrived).as(name).isEqualTo(Buffer.buffer(sent));
                assertThat(each.in().readAllBytes()).as(name).isEqualTo(sent);
            }
        }
    }

    /** A frame, or one in three parts, masked as clients' are. */
    private static byte[] frames(int flagsAndOpcode, int length, boolean fragmented) throws IOException {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (fragmented) {
            int third = length / 3;
            all.write(frame(flagsAndOpcode, Arrays.copyOfRange(payload, 0, third)));
            all.write(frame(0, Arrays.copyOfRange(payload, third, 2 * third)));
            all.write(frame(0x80, Arrays.copyOfRange(payload, 2 * third, length)));
        } else {
            all.write(frame(0x80 | flagsAndOpcode, payload));
        }
        return all.toByteArray();
    }

    private static byte[] frame(int first, byte[] payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (payload.length < 126) {
            frame.appendByte((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.appendByte((byte) (0x80 | 126)).appendUnsignedShort(payload.length);
        } else {
            frame.appendByte((byte) (0x80 | 127)).appendLong(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        frame.appendBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return frame.appendBytes(payload).getBytes();
    }

    @Test
    void aClientThatDoesNotReadStopsTheUpstreamAndStillGetsAllOfIt() throws IOException {
        AtomicLong offered = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED);
                    while (offered.get() < LARGE) {
                        connection.write(piece);
                        offered.addAndGet(piece.length);
                    }
                }); // and is gone, with much still on its way
                TestGateway own = new TestGateway();
                RawClient client = new RawClient(own.port(), 64 * 1024)) {
            own.serve(upstream.port(), "{'paths':['/']}");
            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(101);
            TestGateway.awaitStandstill(offered::get);

            assertThat(offered.get()).isLessThan(MOST_ON_THE_WAY);
            assertThat(client.in().readAllBytes()).hasSize(LARGE);
        }
    }

    @Test
    void anUpstreamThatDoesNotReadStopsTheClientAndStillGetsAllOfIt() {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED);
                    mayRead.await();
                    InputStream in = connection.in();
                    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                        seen.addAndGet(n);
                    }
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");
            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(101);
            Thread sending = new Thread(() -> {
                while (sent.get() < LARGE) {
                    client.send(new byte[64 * 1024]);
                    sent.addAndGet(64 * 1024);
                }
                client.hangUp();
            });
            sending.setDaemon(true);
            sending.start();
            TestGateway.awaitStandstill(sent::get);

            assertThat(sent.get()).isLessThan(MOST_ON_THE_WAY);
            mayRead.countDown();
            TestGateway.await("everything seen", () -> seen.get() == LARGE);
            TestGateway.await("ended", () -> own.server().inFlight() == 0);
        }
    }

    @Test
    void whereNothingComesForReadTimeoutBothSidesAreClosed() {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED);
                    connection.awaitEnd();
                    ended.countDown();
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'read_timeout':1000}", "{'paths':['/']}");
            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(101);

            assertThat(client.isClosedByPeer()).isTrue();
            TestGateway.await("the upstream's side too", () -> ended.getCount() == 0);
            TestGateway.await("ended", () -> own.server().inFlight() == 0);
        }
    }

    @Test
    void aClientThatGoesAwayTakesItsUpstreamConnectionAlong() throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    try {
                        connection.request();
                        connection.write(SWITCHED);
                        connection.awaitEnd();
                    } finally {
                        ended.countDown();
                    }
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");
            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(101);
            client.socket().setSoLinger(true, 0);
            client.hangUp();

            TestGateway.await("the upstream's side too", () -> ended.getCount() == 0);
            TestGateway.await("ended", () -> own.server().inFlight() == 0);
        }
    }

    @Test
    void aStopWaitsForTunnelsUntilItsDeadlineAndThenCutsThem() {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(SWITCHED);
                    connection.awaitEnd();
                });
                TestGateway own = new TestGateway();
                RawClient client = own.client()) {
            own.serve(upstream.port(), "{'paths':['/']}");
            assertThat(client.send(UPGRADE).read(false).status()).isEqualTo(101);

            var finished = own.server().finish(Duration.ofMillis(300));

            assertThat(client.isClosedByPeer()).isTrue();
            finished.await();
        }
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + gateway.port() + path);
    }

    private static String taken(BlockingQueue<String> from) {
        try {
            String taken = from.poll(20, TimeUnit.SECONDS);
            return taken == null ? "nothing" : taken;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a client hears, one line a message. */
    private static final class Talk implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final Buffer binary = Buffer.buffer();

        String next() throws InterruptedException, ExecutionException {
            return taken(heard);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.appendBytes(bytes);
            if (last) {
                heard.add("binary " + Arrays.hashCode(binary.getBytes()));
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            heard.add("pong " + StandardCharsets.US_ASCII.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            return null;
        }
    }
}
