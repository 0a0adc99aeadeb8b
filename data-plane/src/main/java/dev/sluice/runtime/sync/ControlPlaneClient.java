package dev.sluice.runtime.sync;

import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the control planes: to the one that answered last, and after a failure to the next. Nothing waits without
 * end and nothing that comes in is unbounded. For the control loop alone.
 */
final class ControlPlaneClient {
    private static final int MOST_SNAPSHOT_BYTES = 512 * 1024 * 1024;
    private static final int MOST_ANSWER_BYTES = 64 * 1024;
    private static final int MOST_REASON_CHARACTERS = 300;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration WHOLE_FETCH = Duration.ofSeconds(60);
    private static final Duration WHOLE_REPORT = Duration.ofSeconds(3);

    private final HttpClientAgent http;
    private final List<URI> controlPlanes;
    private final String token;
    private final UUID runtime;
    private final String group;
    private int current;

    ControlPlaneClient(Vertx vertx, List<URI> controlPlanes, String token, UUID runtime, String group) {
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setDecompressionSupported(true)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setKeepAliveTimeout(30));
        this.controlPlanes = controlPlanes;
        this.token = token;
        this.runtime = runtime;
        this.group = group;
    }

    /**
     * Asks for the group's snapshot.
     *
     * @param etag of the one that need not be sent again, or null
     * @return what came, or null when that one is still the head
     */
    Future<@Nullable Fetched> fetch(@Nullable String etag) {
        return call(HttpMethod.GET, RuntimeApi.SNAPSHOT_PATH, WHOLE_FETCH, request -> {
            if (etag != null) {
                request.putHeader(HttpHeaders.IF_NONE_MATCH, etag);
            }
            return request.send()
                    .compose(response -> response.statusCode() == 304
                            ? Future.succeededFuture()
                            : body(request, response, MOST_SNAPSHOT_BYTES)
                                    .map(bytes -> new Fetched(response.getHeader(HttpHeaders.ETAG), bytes)));
        });
    }

    /** Delivers a report, encoded already; the answer acknowledges it. */
    Future<ReportAnswer> report(Encoded report) {
        return call(HttpMethod.POST, RuntimeApi.REPORT_PATH, WHOLE_REPORT, request -> {
            request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            if (report.gzip()) {
                request.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            }
            return request.send(report.bytes())
                    .compose(response -> body(request, response, MOST_ANSWER_BYTES))
                    .map(bytes -> WireJson.read(ReportAnswer.class, bytes.getBytes()));
        });
    }

    /** How many control planes there are. */
    int count() {
        return controlPlanes.size();
    }

    Future<Void> close() {
        return http.close();
    }

    private <T extends @Nullable Object> Future<T> call(
            HttpMethod method, String path, Duration whole, Exchange<T> exchange) {
        int at = current;
        URI uri = controlPlanes.get(at);
        return http.request(options(method, uri, path))
                .compose(request -> exchange.with(request)
                        .timeout(whole.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(cause -> request.reset()))
                .onFailure(cause -> {
                    if (current == at) {
                        current = (at + 1) % controlPlanes.size();
                    }
                })
                .recover(cause -> Future.failedFuture(new ControlPlaneException(uri, cause)));
    }

    private RequestOptions options(HttpMethod method, URI uri, String path) {
        String before = uri.getPath() == null || uri.getPath().equals("/") ? "" : uri.getPath();
        return new RequestOptions()
                .setMethod(method)
                .setHost(uri.getHost())
                .setPort(uri.getPort() < 0 ? 80 : uri.getPort())
                .setURI(before + path)
                .setConnectTimeout(CONNECT.toMillis())
                .setIdleTimeout(SILENCE.toMillis())
                .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .putHeader(RuntimeApi.RUNTIME_HEADER, runtime.toString())
                .putHeader(RuntimeApi.GROUP_HEADER, group);
    }

    private static Future<Buffer> body(HttpClientRequest request, HttpClientResponse response, int most) {
        boolean good = response.statusCode() == 200;
        Promise<Buffer> whole = Promise.promise();
        Buffer received = Buffer.buffer();
        response.handler(chunk -> {
            if (received.length() + (long) chunk.length() > (good ? most : MOST_ANSWER_BYTES)) {
                whole.tryFail("The answer is larger than " + most + " bytes");
                request.reset();
            } else {
                received.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> {
            if (good) {
                whole.tryComplete(received);
            } else {
                whole.tryFail(new RefusedByControlPlaneException(response.statusCode(), reason(received)));
            }
        });
        return whole.future();
    }

    private static String reason(Buffer body) {
        String text = body.toString(StandardCharsets.UTF_8).strip().replaceAll("\\p{Cntrl}+", " ");
        return text.length() > MOST_REASON_CHARACTERS ? text.substring(0, MOST_REASON_CHARACTERS) + "…" : text;
    }

    @FunctionalInterface
    private interface Exchange<T extends @Nullable Object> {
        Future<T> with(HttpClientRequest request);
    }

    /** @param etag as the control plane named it, or null */
    record Fetched(@Nullable String etag, Buffer bytes) {}

    /** A report as it goes over the wire. */
    record Encoded(Buffer bytes, boolean gzip) {}
}
