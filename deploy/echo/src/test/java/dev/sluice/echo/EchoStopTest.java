package dev.sluice.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EchoStopTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void stopLetsWhatIsInFlightFinish() throws TimeoutException {
        EchoServer server = new EchoServer(vertx);
        int port = server.listen("127.0.0.1", 0).await(10, TimeUnit.SECONDS);
        HttpClient client = vertx.createHttpClient();
        HttpClientResponse response = client.request(HttpMethod.GET, port, "127.0.0.1", "/bytes/5000000")
                .compose(request -> request.send())
                .map(HttpClientResponse::pause)
                .await(10, TimeUnit.SECONDS);
        Future<Void> stopped = server.stop(10);
        assertThat(stopped.isComplete()).isFalse();
        Future<Buffer> body = response.body();
        response.resume();
        assertThat(body.await(10, TimeUnit.SECONDS).length()).isEqualTo(5_000_000);
        stopped.await(10, TimeUnit.SECONDS);
    }
}
