package dev.sluice.runtime.admin;

import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.function.Supplier;

/** The status port: {@code /live}, {@code /ready}, {@code /status} and {@code /metrics}. Shows no secrets. */
public final class StatusServer {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MOST_HEADER_BYTES = 8 * 1024;

    private final Vertx vertx;
    private final HostPort bind;
    private final Lifecycle lifecycle;
    private final Supplier<byte[]> status;
    private final Supplier<String> metrics;

    /**
     * @param status JSON for {@code /status}
     * @param metrics Prometheus text for {@code /metrics}
     */
    public StatusServer(
            Vertx vertx, HostPort bind, Lifecycle lifecycle, Supplier<byte[]> status, Supplier<String> metrics) {
        this.vertx = vertx;
        this.bind = bind;
        this.lifecycle = lifecycle;
        this.status = status;
        this.metrics = metrics;
    }

    /** The address bound; fails when it cannot be had. */
    public Future<HostPort> listen() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(bind.host())
                .setPort(bind.port())
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setIdleTimeout(60);
        return vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen()
                .map(server -> new HostPort(bind.host(), server.actualPort()));
    }

    private void answer(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader("Allow", "GET, HEAD");
            send(request, 405, TEXT, Buffer.buffer("GET or HEAD\n"));
            return;
        }
        switch (request.path()) {
            case "/live" -> send(request, 200, TEXT, Buffer.buffer("live\n"));
            case "/ready" -> ready(request);
            case "/status" -> send(request, 200, JSON, Buffer.buffer(status.get()));
            case "/metrics" -> send(request, 200, PROMETHEUS, Buffer.buffer(metrics.get()));
            default -> send(request, 404, TEXT, Buffer.buffer("/live /ready /status /metrics\n"));
        }
    }

    private void ready(HttpServerRequest request) {
        boolean ready = lifecycle.ready();
        Buffer phase = Buffer.buffer(lifecycle.phase().name().toLowerCase(Locale.ROOT) + "\n");
        send(request, ready ? 200 : 503, TEXT, phase);
    }

    private static void send(HttpServerRequest request, int code, String type, Buffer body) {
        request.response().setStatusCode(code).putHeader("Content-Type", type).putHeader("Cache-Control", "no-store");
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader("Content-Length", String.valueOf(body.length()));
            request.response().end();
        } else {
            request.response().end(body);
        }
    }
}
