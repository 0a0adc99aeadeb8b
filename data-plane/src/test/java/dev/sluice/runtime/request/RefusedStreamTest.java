package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.config.Route;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream refuses before it does anything of it may be asked again, whatever it is (RFC 9113 8.7). */
final class RefusedStreamTest {
    private static final long REFUSED_STREAM = 7;
    private static final long ENHANCE_YOUR_CALM = 11;
    private static final String UNAVAILABLE = "14";

    private final Vertx vertx = Vertx.vertx();
    private final TestGateway gateway = new TestGateway();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger toRefuse = new AtomicInteger(1);
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile long code = REFUSED_STREAM;
    private volatile boolean atOnce;
    private HttpServer upstream;

    @BeforeEach
    void start() {
        upstream = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await();
    }

    @AfterEach
    void stop() {
        gateway.close();
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        asked.incrementAndGet();
        boolean refused = toRefuse.getAndDecrement() > 0;
        if (refused && atOnce) {
            request.response().reset(code);
            return;
        }
        request.body().onSuccess(body -> {
            bodies.add(body.toString());
            if (refused) {
                request.response().reset(code);
            } else {
                request.response().putHeader("content-type", "application/grpc");
                request.response().putTrailer("grpc-status", "0");
                request.response().end(body);
            }
        });
    }

    @CanIgnoreReturnValue
    private Route serve(String implementation, String route) {
        return gateway.serve(
                upstream.actualPort(),
                "{'protocol':'grpc'," + implementation + "}",
                "{'paths':['/'],'protocols':['grpc'],'strip_path':false" + route + "}");
    }

    private RawHttp2Client.Reply call(String... pieces) {
        try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.call(1);
            for (String piece : pieces) {
                client.data(1, false, piece);
            }
            return client.data(1, true, "").reply(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallIsMadeAgainWithAllThatItSaid(boolean before) {
        atOnce = before;
        toRefuse.set(2);
        Route route = serve("'retries':2", "");

        RawHttp2Client.Reply reply = call("hello, ", "here I am");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("hello, here I am");
        assertThat(reply.trailers()).containsEntry("grpc-status", "0");
        assertThat(bodies).hasSize(before ? 1 : 3).containsOnly("hello, here I am");
        assertThat(asked).hasValue(3);
        assertThat(gateway.attemptsFailed("STREAM_REFUSED")).isEqualTo(2);
        TestGateway.await("recorded", () -> gateway.counted(route, 200) == 1);
    }

    @Test
    void asOftenAsTheImplementationSays() {
        toRefuse.set(Integer.MAX_VALUE);
        serve("'retries':2", "");

        assertThat(call("hello").headers()).containsEntry("grpc-status", UNAVAILABLE);
        assertThat(asked).hasValue(3);
        assertThat(gateway.requestsFailed("STREAM_REFUSED")).isEqualTo(1);
    }

    @Test
    void whatWasBrokenOffOtherwiseMayHaveBeenDoneAndIsNotAskedAgain() {
        code = ENHANCE_YOUR_CALM;
        serve("'retries':2", "");

        assertThat(call("hello").headers()).containsEntry("grpc-status", UNAVAILABLE);
        assertThat(asked).hasValue(1);
        assertThat(gateway.attemptsFailed("UPSTREAM_CLOSED")).isEqualTo(1);
    }

    @Test
    void whatIsNotKeptCannotBeSaidAgain() {
        serve("'retries':2", ",'request_buffering':false");

        assertThat(call("hello").headers()).containsEntry("grpc-status", UNAVAILABLE);
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatIsTooLongToBeKeptCannotBeSaidAgain() {
        serve("'retries':2", "");
        HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(gateway.port()));

        HttpClientResponse answer = client.request(HttpMethod.POST, "/a.B/C")
                .compose(request -> request.putHeader("content-type", "application/grpc")
                        .send(Buffer.buffer(new byte[RequestBody.MOST_HELD + 1])))
                .await();

        assertThat(answer.getHeader("grpc-status")).isEqualTo(UNAVAILABLE);
        assertThat(asked).hasValue(1);
        client.close().await(); // one that nobody holds any more may be closed at any time
    }
}
