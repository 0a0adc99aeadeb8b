package dev.sluice.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoStreamsTest {
    @RegisterExtension
    static final RunningEcho ECHO = new RunningEcho();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 250, 64_256, 64_257, 50_000_000})
    void bytesAreThePatternWhole(long count) throws IOException {
        long read = 0;
        try (InputStream in = uri("/bytes/" + count).toURL().openStream()) {
            byte[] piece = new byte[8192];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                for (int i = 0; i < length; i++, read++) {
                    if (piece[i] != (byte) (read % PatternBytes.PERIOD)) {
                        throw new AssertionError("byte " + read + " is " + piece[i]);
                    }
                }
            }
        }
        assertThat(read).isEqualTo(count);
    }

    /** A gigabyte for a client that reads nothing would not fit into this JVM's heap. */
    @Test
    void aClientThatDoesNotReadCostsNoMemory() throws TimeoutException {
        HttpClient client = ECHO.vertx().createHttpClient();
        Promise<Buffer> first = Promise.promise();
        var response = client.request(HttpMethod.GET, ECHO.port(), "127.0.0.1", "/bytes/1073741824")
                .compose(request -> request.send())
                .onSuccess(answer -> answer.handler(chunk -> {
                    answer.pause();
                    first.tryComplete(chunk);
                }))
                .await(10, TimeUnit.SECONDS);
        assertThat(first.future().await(10, TimeUnit.SECONDS).length()).isPositive();
        assertThat(uri("/status/200")).satisfies(other -> {
            try (InputStream in = other.toURL().openStream()) {
                assertThat(in.readAllBytes()).isNotEmpty();
            }
        });
        response.request().connection().close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void webSocketSendsBackTextAndBytes() throws TimeoutException {
        WebSocketClient client = ECHO.vertx().createWebSocketClient();
        WebSocket socket = client.connect(ECHO.port(), "127.0.0.1", "/ws").await(10, TimeUnit.SECONDS);
        Promise<String> text = Promise.promise();
        Promise<Buffer> bytes = Promise.promise();
        socket.textMessageHandler(text::tryComplete);
        socket.binaryMessageHandler(bytes::tryComplete);
        Buffer large = Buffer.buffer(new byte[200_000]);
        socket.writeTextMessage("grüße").await(10, TimeUnit.SECONDS);
        socket.writeBinaryMessage(large).await(10, TimeUnit.SECONDS);
        assertThat(text.future().await(10, TimeUnit.SECONDS)).isEqualTo("grüße");
        assertThat(bytes.future().await(10, TimeUnit.SECONDS)).isEqualTo(large);
        socket.close().await(10, TimeUnit.SECONDS);
        client.close().await(10, TimeUnit.SECONDS); // one that nobody holds any more is closed at any time
    }

    @Test
    void aPlainRequestForTheWebSocketIsToldSo() throws TimeoutException {
        var client = ECHO.vertx().createHttpClient();
        var response = client.request(HttpMethod.GET, ECHO.port(), "127.0.0.1", "/ws")
                .compose(request -> request.send())
                .await(10, TimeUnit.SECONDS);
        client.close().await(10, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(426);
        assertThat(response.getHeader("Upgrade")).isEqualTo("websocket");
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ECHO.port() + path);
    }
}
