package dev.sluice.runtime.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to control planes on which this runtime shows one certificate, or none. Nothing waits without end and
 * nothing that comes in is unbounded. For the control loop alone.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int HTTPS = 443;
    private static final int MOST_REFUSAL_BYTES = 64 * 1024;
    private static final int MOST_REASON_CHARACTERS = 300;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final HttpClientAgent http;
    private int underWay;
    private boolean retired;

    /** @param tls what is shown and believed */
    Connections(Vertx vertx, HttpClientOptions tls) {
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions(tls)
                        .setDecompressionSupported(true)
                        .setConnectTimeout((int) CONNECT.toMillis())
                        .setSslHandshakeTimeout(HANDSHAKE.toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setKeepAliveTimeout(30))
                .withConnectHandler(connection -> connection.exceptionHandler(
                        cause -> LOG.debug("The call that needs the connection tells", cause)))
                .build();
    }

    /**
     * One call; a failure is a {@link ControlPlaneException}.
     *
     * @param whole for the exchange altogether, once there is a connection
     */
    <T extends @Nullable Object> Future<T> call(
            URI controlPlane, HttpMethod method, String path, Duration whole, Exchange<T> exchange) {
        underWay++;
        return http.request(options(controlPlane, method, path))
                .compose(request -> exchange.with(request)
                        .timeout(whole.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(cause -> request.reset()))
                .recover(cause -> Future.failedFuture(new ControlPlaneException(controlPlane, cause)))
                .onComplete(done -> {
                    underWay--;
                    closeIfDone();
                });
    }

    /** No more calls begin; what is under way finishes, then all is closed. */
    void retire() {
        retired = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (retired && underWay == 0) {
            http.close().onFailure(cause -> LOG.debug("Connections could not be closed", cause));
        }
    }

    /** The body of an answer with status 200; fails with what the control plane says on any other status. */
    static Future<Buffer> body(HttpClientRequest request, HttpClientResponse response, int most) {
        boolean good = response.statusCode() == 200;
        Promise<Buffer> whole = Promise.promise();
        Buffer received = Buffer.buffer();
        response.handler(chunk -> {
            if (received.length() + (long) chunk.length() > (good ? most : MOST_REFUSAL_BYTES)) {
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

    private static RequestOptions options(URI controlPlane, HttpMethod method, String path) {
        String before =
                controlPlane.getPath() == null || controlPlane.getPath().equals("/") ? "" : controlPlane.getPath();
        return new RequestOptions()
                .setMethod(method)
                .setSsl(true)
                .setHost(host(controlPlane))
                .setPort(controlPlane.getPort() < 0 ? HTTPS : controlPlane.getPort())
                .setURI(before + path)
                .setConnectTimeout(CONNECT.plus(HANDSHAKE).toMillis())
                .setIdleTimeout(SILENCE.toMillis());
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(URI controlPlane) {
        String host = controlPlane.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Title and detail of a problem (RFC 9457), or the text as it is. */
    private static String reason(Buffer body) {
        String text = body.toString(StandardCharsets.UTF_8);
        try {
            ObjectNode problem = ConfigJson.object(body.getBytes());
            text = Stream.of("title", "detail")
                    .map(field -> problem.path(field).asText(""))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(": "));
        } catch (IllegalArgumentException e) {
            LOG.trace("Not a problem in JSON", e);
        }
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MOST_REASON_CHARACTERS ? line.substring(0, MOST_REASON_CHARACTERS) + "…" : line;
    }

    /** What is said and heard in a call. */
    @FunctionalInterface
    interface Exchange<T extends @Nullable Object> {
        Future<T> with(HttpClientRequest request);
    }
}
