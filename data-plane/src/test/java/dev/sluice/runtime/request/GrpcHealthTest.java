package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Active checks by grpc.health.v1. */
final class GrpcHealthTest {
    private static final int SERVING = 1;
    private static final int NOT_SERVING = 2;

    private final AtomicInteger status = new AtomicInteger(SERVING);
    private final AtomicInteger grpcStatus = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aTargetIsAskedByItsOwnProtocol() {
        Vertx vertx = Vertx.vertx();
        try (TestGateway gateway = new TestGateway()) {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(this::answer)
                    .listen(0, "127.0.0.1")
                    .await();
            Balanced balanced = new Balanced(
                    gateway,
                    "{'healthchecks':{'active':{'type':'grpc','healthy':{'interval':0.05,'successes':1},"
                            + "'unhealthy':{'interval':0.05,'http_failures':1,'tcp_failures':1}}}}");
            balanced.target(server.actualPort());
            TestGateway.await("it was asked", () -> asked.get() > 2);
            assertThat(gateway.get("/").status()).isEqualTo(200);

            status.set(NOT_SERVING);
            TestGateway.await("it is out", () -> gateway.get("/").status() == 503);
            status.set(SERVING);
            TestGateway.await("it is back", () -> gateway.get("/").status() == 200);
            grpcStatus.set(12);
            TestGateway.await(
                    "whoever does not know the protocol is out",
                    () -> gateway.get("/").status() == 503);
        } finally {
            vertx.close().await();
        }
    }

    private void answer(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().end("plain");
            return;
        }
        request.body().onSuccess(body -> {
            boolean known = request.path().equals("/grpc.health.v1.Health/Check")
                    && "application/grpc".equals(request.getHeader("content-type"))
                    && body.equals(Buffer.buffer(new byte[5]));
            asked.addAndGet(known ? 1 : 0);
            request.response().putHeader("content-type", "application/grpc");
            request.response().putTrailer("grpc-status", known ? Integer.toString(grpcStatus.get()) : "13");
            request.response().end(Buffer.buffer(new byte[] {0, 0, 0, 0, 2, 8, (byte) status.get()}));
        });
    }
}
