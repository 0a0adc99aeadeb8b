package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What requests over one HTTP/2 connection to an upstream mean for each other. */
final class SharedConnectionTest {
    private static final String CALL = "{'protocols':['grpc'],'paths':['/'],'strip_path':false}";
    private static final int MORE_THAN_A_WINDOW = 1 << 20;
    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    private Vertx vertx;
    private HttpClientAgent client;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2ConnectionWindowSize(16 * MORE_THAN_A_WINDOW));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Future<HttpClientRequest> call(TestGateway gateway, String path) {
        return client.request(HttpMethod.POST, gateway.port(), "127.0.0.1", path)
                .map(request -> request.putHeader("content-type", "application/grpc"));
    }

    @Test
    void aClientThatReadsNothingDoesNotHoldUpTheOthers() {
        HttpServer upstream = vertx.createHttpServer()
                .requestHandler(request -> request.response().end(Buffer.buffer(new byte[MORE_THAN_A_WINDOW])))
                .listen(0, "127.0.0.1")
                .await();
        try (TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.actualPort(), "{'protocol':'grpc'}", CALL);
            List<HttpClientResponse> unread = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                unread.add(call(gateway, "/unread")
                        .compose(HttpClientRequest::send)
                        .onSuccess(HttpClientResponse::pause)
                        .await());
            }

            Buffer read = call(gateway, "/read")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .await();

            assertThat(read.length()).isEqualTo(MORE_THAN_A_WINDOW);
            for (HttpClientResponse response : unread) {
                response.request().reset();
            }
        }
    }

    @Test
    void aConnectionOverWhichNobodyAnswersAnyMoreIsGivenUp() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TestGateway gateway = new TestGateway()) {
            Thread server = new Thread(() -> speakNoMore(silent, connections, cut), "silent-upstream");
            server.setDaemon(true);
            server.start();
            gateway.serve(silent.getLocalPort(), "{'protocol':'grpc','read_timeout':300,'retries':0}", CALL);

            int status = call(gateway, "/")
                    .compose(HttpClientRequest::send)
                    .compose(answer -> answer.end().map(answer.statusCode()))
                    .await();

            assertThat(status).isEqualTo(200); // with the failure in grpc-status
            assertThat(connections).hasValue(1);
            assertThat(cut.await(TestGateway.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    /** As a host does that has lost its power, but for the acknowledgements of TCP. */
    private static void speakNoMore(ServerSocket listening, AtomicInteger connections, CountDownLatch cut) {
        try (Socket socket = listening.accept()) {
            connections.incrementAndGet();
            socket.getOutputStream().write(EMPTY_SETTINGS);
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // whatever it is
            }
            cut.countDown();
        } catch (IOException e) {
            cut.countDown(); // reset
        }
    }

    @Test
    void aClientMayListenForLongerThanItMayBeSilentBeforeTheAnswer() {
        HttpServer upstream = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().setChunked(true).write("begun");
                    vertx.setTimer(2_500, later -> request.response().write("still there"));
                    request.endHandler(ended -> request.response().end("over"));
                })
                .listen(0, "127.0.0.1")
                .await();
        try (TestGateway gateway = new TestGateway(Limits.of("SLUICE_CLIENT_BODY_MS", "1500"))) {
            gateway.serve(upstream.actualPort(), "{'protocol':'grpc'}", CALL);
            Buffer seen = Buffer.buffer();
            call(gateway, "/").compose(request -> listen(request, seen)).await();

            assertThat(seen.toString()).isEqualTo("begunstill thereover");
        }
    }

    /** Asks, and ends its question when it has heard what comes late. */
    private static Future<Void> listen(HttpClientRequest request, Buffer seen) {
        request.setChunked(true);
        Future<Void> over = request.response().compose(answer -> {
            answer.handler(chunk -> {
                seen.appendBuffer(chunk);
                if (seen.toString().endsWith("still there")) {
                    var unused = request.end();
                }
            });
            return answer.end();
        });
        var unused = request.write("a question");
        return over;
    }
}
