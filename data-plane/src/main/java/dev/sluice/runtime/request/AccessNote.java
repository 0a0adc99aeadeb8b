package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.accesslog.AccessLog;
import dev.sluice.runtime.accesslog.AccessRecord;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.upstream.Destination;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the access log will say of a request, as far as the exchange does not know it. */
final class AccessNote {
    private static final int NO_PORT_IS_DEFAULT = -1;

    private final AccessLog log;
    private @Nullable String upstream;
    private int attempts;
    private long upstreamMillis = -1;
    private int status;
    private @Nullable Failure failure;

    AccessNote(AccessLog log) {
        this.log = log;
    }

    void attempted(Destination destination) {
        attempts++;
        upstream = Destination.authority(destination.host(), destination.port(), NO_PORT_IS_DEFAULT);
        upstreamMillis = -1;
    }

    void answered(long millis) {
        upstreamMillis = millis;
    }

    void recorded(int code, @Nullable Failure why) {
        status = code;
        failure = why;
    }

    /** The request has ended. */
    void write(Exchange exchange) {
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - exchange.beganNanos());
        Route route = exchange.route();
        Trace trace = exchange.trace();
        log.add(new AccessRecord(
                System.currentTimeMillis() - micros / 1000,
                micros,
                exchange.id(),
                trace == null ? null : trace.id(),
                request(exchange),
                status,
                failure == null ? null : failure.name(),
                new AccessRecord.Bytes(
                        exchange.request().bytesRead(), exchange.response().bytesWritten()),
                new AccessRecord.Route(route == null ? null : route.id(), route == null ? null : route.versionId()),
                new AccessRecord.Upstream(upstream, attempts, upstreamMillis)));
    }

    private static AccessRecord.Request request(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        ClientConnection connection = exchange.connection();
        String uri = request.uri();
        int query = uri.indexOf('?');
        return new AccessRecord.Request(
                connection.address(),
                request.method().name(),
                host(request),
                query < 0 ? uri : uri.substring(0, query),
                protocol(request.version()),
                connection.tlsVersion(),
                connection.sni());
    }

    /** As the client wrote it; over HTTP/2 that is {@code :authority}, where there is one (RFC 9113 8.3.1). */
    private static @Nullable String host(HttpServerRequest request) {
        String host = request.getHeader("host");
        HostAndPort authority = host == null && request.version() == HttpVersion.HTTP_2 ? request.authority() : null;
        return authority == null ? host : authority.toString();
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
            default -> version.name();
        };
    }
}
